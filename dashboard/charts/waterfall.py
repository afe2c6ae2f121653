"""The monthly waterfall: each month opens where the last one closed, every step to scale."""

from typing import Any

import polars as pl
from bokeh.models import ColumnDataSource, HoverTool, Range1d
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import Chart, Drawing, finished, moment, numbers, ticks, times
from revops import units
from revops.periods import add_months

# column, name, colour's place in the colourway; gains in the first half of a month's slot
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
HEIGHT = 330


def _steps(row: dict[str, Any], brand: BrandTheme, currency: str) -> list[dict[str, Any]]:
    """One month's steps: gains rise from the opening, losses fall from the peak to the closing."""
    month = row["month"]
    length = add_months(month, 1) - month
    level = float(row["opening_mrr"])
    steps = []
    for side, (movements, sign) in enumerate(((GAINS, 1), (LOSSES, -1))):
        for column, name, color in movements:
            amount = row.get(column)
            if not amount:
                continue
            after = level + sign * float(amount)
            steps.append(
                {
                    "left": moment(month) + length * (0.08 + 0.42 * side),
                    "right": moment(month) + length * (0.50 + 0.42 * side),
                    "low": min(level, after),
                    "high": max(level, after),
                    "color": brand.series(color),
                    "movement": name,
                    "month": f"{month:%b %Y}",
                    "amount": units.format(amount, "money", currency),
                    "closing": units.format(row["closing_mrr"], "money", currency),
                }
            )
            level = after
    return steps


def _prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
    """`frame`: mrr_waterfall's columns for months whose opening is known."""
    months = frame.sort("month")
    steps = [one for row in months.iter_rows(named=True) for one in _steps(row, brand, currency)]
    keys = ("low", "high", "color", "movement", "month", "amount", "closing")
    bars: dict[str, Any] = {key: [step[key] for step in steps] for key in keys}
    bars["left"] = times([step["left"] for step in steps])
    bars["right"] = times([step["right"] for step in steps])
    first, last = months.row(0, named=True), months.row(-1, named=True)
    ends = [add_months(month, 1) for month in months["month"]]
    path = {
        "path_at": times([first["month"], *ends]),
        "path_level": numbers([first["opening_mrr"], *months["closing_mrr"]]),
    }
    levels = [*bars["low"], *bars["high"], *path["path_level"]]
    edge = (max(levels) - min(levels)) * 0.08 or max(levels) * 0.1 or 1.0
    return Drawing(
        (bars, path),
        f"From {units.format(first['opening_mrr'], 'money', currency)} at the start of "
        f"{first['month']:%b %Y} to {units.format(last['closing_mrr'], 'money', currency)} at the "
        f"end of {last['month']:%b %Y}. The axis does not start at 0: read the steps, not heights.",
        x_span=(moment(first["month"]), moment(ends[-1])),
        y_span=(max(min(levels) - edge, 0.0), max(levels) + edge),
        key=_key(brand, set(bars["movement"])),
    )


def _key(brand: BrandTheme, present: set[str]) -> tuple[tuple[str, str], ...]:
    """Name and colour of the movements that occur, gains first."""
    movements = (*GAINS, *LOSSES)
    return tuple((name, brand.series(color)) for _, name, color in movements if name in present)


def _draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
    drawn = figure(
        x_axis_type="datetime", x_range=Range1d(0, 1), y_range=Range1d(0, 1), height=HEIGHT
    )
    bars, path = (ColumnDataSource(dict(layer)) for layer in drawing.layers)
    drawn.line("path_at", "path_level", source=path, color=brand.muted, line_dash="dotted")
    quads = drawn.quad(
        left="left", right="right", bottom="low", top="high", color="color", source=bars
    )
    quads.glyph.line_color = None
    drawn.add_tools(
        HoverTool(
            renderers=[quads],
            tooltips=[
                ("", "@movement"),
                ("Month", "@month"),
                ("MRR", "@amount"),
                ("Closes at", "@closing"),
            ],
        )
    )
    finished(drawn, brand)
    drawn.yaxis.formatter = ticks("money", currency)
    drawn.yaxis.ticker.desired_num_ticks = 5
    return drawn


mrr_waterfall = Chart(_prepare, _draw)
