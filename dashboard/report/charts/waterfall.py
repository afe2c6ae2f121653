"""MRR period by period: gains rise from the opening, losses fall to the closing; figures below."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.charts import pen
from dashboard.report.charts.pen import Scale
from revops import units

# column, name, place in the colourway: as on the Revenue tab
GAINS = (
    ("new_mrr", "New", 2),
    ("reactivation_mrr", "Reactivation", 5),
    ("expansion_mrr", "Expansion", 0),
    ("transferred_in_mrr", "Moved in", 7),
)
LOSSES = (
    ("contraction_mrr", "Contraction", 4),
    ("churned_mrr", "Churn", 6),
    ("transferred_out_mrr", "Moved out", 3),
)
PLOT, LEFT, TOP, AXIS, ROW = 195, 82, 22, 22, 16
SMALL = 10.5


@dataclass(frozen=True)
class Step:
    """One movement of a period: between which levels it runs, and on which side of its band."""

    begin: float
    end: float
    color: int
    name: str
    side: int
    amount: Any


def key(frame: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    """Name and colour of the movements that occur, gains first."""
    return tuple((name, place) for _, name, place in _present(frame))


def mrr_waterfall(frame: pl.DataFrame, brand: BrandTheme, currency: str, said: str) -> Markup:
    """`frame` has mrr_waterfall's columns, for periods whose opening is known."""
    rows = frame.sort("month").to_dicts()
    steps = [_steps(row) for row in rows]
    levels = [float(row[name]) for row in rows for name in ("opening_mrr", "closing_mrr")]
    levels += [level for one in steps for step in one for level in (step.begin, step.end)]
    edge = (max(levels) - min(levels)) * 0.1 or max(levels) * 0.1 or 1.0
    y = Scale(max(min(levels) - edge, 0.0), max(levels) + edge, PLOT, TOP)
    band = (pen.WIDE - LEFT) / len(rows)
    closings = units.apart([row["closing_mrr"] for row in rows], currency)
    parts = [_grid(y, brand, currency)]
    for place, (row, moves) in enumerate(zip(rows, steps, strict=True)):
        left = LEFT + place * band
        parts += _bars(f"{row['month']:%b %Y}", moves, left, band, y, brand, currency)
        parts += _closing(row, moves, closings[place], left, band, y, brand)
    below = _figures(rows, _present(frame), band, brand, currency)
    height = PLOT + AXIS + ROW * (len(_present(frame)) + 1)
    return pen.svg(pen.WIDE, height, [*parts, *below], brand, said)


def _present(frame: pl.DataFrame) -> list[tuple[str, str, int]]:
    return [movement for movement in (*GAINS, *LOSSES) if any(frame[movement[0]])]


def _steps(row: dict[str, Any]) -> list[Step]:
    level = float(row["opening_mrr"])
    steps = []
    for side, (movements, sign) in enumerate(((GAINS, 1), (LOSSES, -1))):
        for column, name, color in movements:
            if amount := row[column]:
                after = level + sign * float(amount)
                steps.append(Step(level, after, color, name, side, amount))
                level = after
    return steps


def _grid(y: Scale, brand: BrandTheme, currency: str) -> Markup:
    drawn = []
    ticks = y.ticks()
    for tick, said in zip(ticks, units.apart(ticks, currency), strict=True):
        at = y.at(tick)
        drawn.append(pen.line(LEFT, at, pen.WIDE, at, pen.ink(brand, "border")))
        drawn.append(pen.text(LEFT - 10, at, said, pen.ink(brand, "muted"), "end", SMALL))
    return Markup().join(drawn)


def _bars(
    month: str,
    moves: list[Step],
    left: float,
    band: float,
    y: Scale,
    brand: BrandTheme,
    currency: str,
) -> list[Markup]:
    half = band * 0.4
    return [
        pen.rect(
            left + band * 0.1 + step.side * half,
            min(y.at(step.begin), y.at(step.end)),
            half - 1,
            abs(y.at(step.begin) - y.at(step.end)),
            pen.ink(brand, step.color),
            f"{month}: {step.name} {units.exact(step.amount, 'money', currency)}",
        )
        for step in moves
    ]


def _closing(
    row: dict[str, Any],
    moves: list[Step],
    said: str,
    left: float,
    band: float,
    y: Scale,
    brand: BrandTheme,
) -> list[Markup]:
    """The line of the closing, its amount above the band, and the period's name below it."""
    closing = y.at(float(row["closing_mrr"]))
    highest = min([closing, *(y.at(max(step.begin, step.end)) for step in moves)])
    middle, strong = left + band / 2, pen.ink(brand, "text")
    name = f"{row['month']:%b ’%y}{' *' if row['is_partial'] else ''}"
    return [
        pen.line(middle, closing, min(left + band * 1.1, pen.WIDE), closing, strong, 1.5),
        pen.text(
            middle, highest - 9, said, strong, "middle", SMALL, 600, pen.ink(brand, "surface")
        ),
        pen.text(middle, PLOT + AXIS / 2, name, strong, "middle", SMALL, 600),
    ]


def _figures(
    rows: list[dict[str, Any]],
    movements: list[tuple[str, str, int]],
    band: float,
    brand: BrandTheme,
    currency: str,
) -> list[Markup]:
    """The figures of each movement under its period; losses carry their sign."""
    lines = [("opening_mrr", "Opening"), *((column, name) for column, name, _ in movements)]
    losing = {column for column, _, _ in LOSSES}
    strong, muted = pen.ink(brand, "text"), pen.ink(brand, "muted")
    drawn = []
    for line, (column, name) in enumerate(lines):
        at = PLOT + AXIS + (line + 0.5) * ROW
        drawn.append(
            pen.line(0, at - ROW / 2, pen.WIDE, at - ROW / 2, pen.ink(brand, "border"), 0.6)
        )
        drawn.append(pen.text(0, at, name, muted, "start", SMALL))
        # levels lie close to each other: they need more digits than what moved them
        levels = units.apart([row[column] for row in rows], currency)
        for place, row in enumerate(rows):
            amount = units.format(row[column], "money", currency)
            said = levels[place] if column == "opening_mrr" else amount
            signed = f"{units.MINUS}{said}" if column in losing and row[column] else said
            drawn.append(pen.text(LEFT + (place + 0.5) * band, at, signed, strong, "middle", SMALL))
    return drawn
