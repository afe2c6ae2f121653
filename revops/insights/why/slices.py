"""A change divided among the slices of a dimension, without remainder."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isclose
from typing import Any

from revops import metrics
from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.why import caveats, words
from revops.insights.why.model import CLOSE, Explanation, Part
from revops.insights.why.recipe import LOSS_DIMENSIONS, Recipe
from revops.insights.why.statements import drivers
from revops.warehouse import Warehouse

EFFECTS = ("mix", "rate", "unmatched")
SIDES = ("before", "now")


def divided(
    warehouse: Warehouse, asked: Recipe, now: Filters, before: Filters, by: tuple[str, ...]
) -> Explanation:
    """The change of a metric divided by these dimensions."""
    if set(by) & set(LOSS_DIMENSIONS):
        asked = asked.as_shares()
    totals = [metrics.total(warehouse, asked.domain, one) for one in (now, before)]
    value_now, value_before = (_number(total[asked.metric]) for total in totals)
    statement = drivers(warehouse, asked, now, before, by)
    is_known = value_now is not None and value_before is not None
    rows: list[dict[str, Any]] = []
    if is_known:
        rows = list(warehouse.query(statement.text, statement.params).iter_rows(named=True))
        _check_slices(asked, by, rows, *totals)
    parts = _parts(asked, rows, len(by) > 1)
    effects = {name: sum(part.effects[name] for part in parts) for name in EFFECTS}
    change = value_now - value_before if is_known else None  # type: ignore[operator]
    paradox = is_paradox(change, parts) if asked.is_ratio else False
    return Explanation(
        domain=asked.domain,
        metric=asked.metric,
        label=asked.label,
        unit=asked.unit,
        better=asked.better,
        kind="ratio" if asked.is_ratio else "sum",
        now=now,
        before=before,
        value_now=value_now,
        value_before=value_before,
        change=change,
        by=by,
        parts=parts,
        effects=effects if asked.is_ratio and is_known else {},
        is_paradox=paradox,
        sentence=words.of_slices(
            asked, value_before, value_now, by, parts, effects, paradox, warehouse.build.currency
        ),
        sql=statement.literal(),
        caveats=caveats.of(warehouse, asked, now, before, *totals),
    )


def is_paradox(change: float | None, parts: Sequence[Part]) -> bool:
    """Whether a ratio moved one way while every slice that had it twice moved the other way."""
    moves = [
        part.value_now - part.value_before
        for part in parts
        if part.value_now is not None and part.value_before is not None
    ]
    if not change or len(moves) < 2:
        return False
    return all(move < 0 for move in moves) if change > 0 else all(move > 0 for move in moves)


def _parts(asked: Recipe, rows: list[dict[str, Any]], is_crossed: bool) -> tuple[Part, ...]:
    sums = {side: sum(abs(row.get(f"value_{side}") or 0) for row in rows) for side in SIDES}
    made = [
        _ratio_part(row, is_crossed) if asked.is_ratio else _sum_part(row, sums, is_crossed)
        for row in rows
    ]
    named = [replace(part, unit=asked.unit) for part in made]
    return tuple(sorted(named, key=lambda part: (-abs(part.contribution), part.members)))


def _ratio_part(row: Mapping[str, Any], is_crossed: bool) -> Part:
    return Part(
        members=words.members(row["slice"], is_crossed),
        contribution=row["contribution"],
        value_before=row["ratio_before"],
        value_now=row["ratio_now"],
        weight_before=row["weight_before"],
        weight_now=row["weight_now"],
        effects={name: row[name] for name in EFFECTS},
    )


def _sum_part(row: Mapping[str, Any], sums: Mapping[str, float], is_crossed: bool) -> Part:
    weights = {
        side: abs(row[f"value_{side}"]) / sums[side] if sums[side] else 0.0 for side in SIDES
    }
    return Part(
        members=words.members(row["slice"], is_crossed),
        contribution=row["contribution"],
        value_before=row["value_before"],
        value_now=row["value_now"],
        weight_before=weights["before"],
        weight_now=weights["now"],
        effects=dict.fromkeys(EFFECTS, 0.0),
    )


def _check_slices(
    asked: Recipe,
    by: tuple[str, ...],
    rows: list[dict[str, Any]],
    now: Mapping[str, Any],
    before: Mapping[str, Any],
) -> None:
    """Slices that do not add up to their total would leave a remainder: say so instead."""
    names = {"value": asked.numerator}
    if asked.denominator:
        names = {"numerator": asked.numerator, "denominator": asked.denominator}
    for side, total in (("now", now), ("before", before)):
        for column, name in names.items():
            found = sum(row[f"{column}_{side}"] or 0 for row in rows)
            whole = _number(total[name]) or 0.0
            if not isclose(found, whole, rel_tol=CLOSE, abs_tol=CLOSE):
                raise CannotDecompose(
                    f"{asked.label} cannot be divided by {' and '.join(by)}: the slices' {name} "
                    f"come to {found:,.6g}, their total is {whole:,.6g}.",
                    f"{asked.domain}.{asked.metric}",
                    "Divide it by another dimension.",
                )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
