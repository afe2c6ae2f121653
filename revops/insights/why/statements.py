"""The SQL that lines up the slices of two windows and hands them to `reports.…_drivers`."""

from dataclasses import replace
from itertools import product
from typing import Any

from revops import metrics
from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.why import losses
from revops.insights.why.recipe import FILTER_OF, LOSS_DIMENSIONS, Recipe
from revops.statements import Statement, call
from revops.warehouse import Warehouse

# Each combination of the outer dimensions is one call of the metrics macro in each window.
MOST_CALLS = 200

RATIO = """with before as (
    {before}
),

now as (
    {now}
),

parts as (
    select
        coalesce(now.slice, before.slice) as slice,
        before.numerator as numerator_before,
        before.denominator as denominator_before,
        now.numerator as numerator_now,
        now.denominator as denominator_now
    from now
    full join before on now.slice = before.slice
)

from reports.ratio_drivers((select list(parts order by parts.slice) from parts))"""

SUM = """with before as (
    {before}
),

now as (
    {now}
),

parts as (
    select
        coalesce(now.slice, before.slice) as slice,
        before.numerator as value_before,
        now.numerator as value_now
    from now
    full join before on now.slice = before.slice
)

from reports.sum_drivers((select list(parts order by parts.slice) from parts))"""


def drivers(
    warehouse: Warehouse, asked: Recipe, now: Filters, before: Filters, by: tuple[str, ...]
) -> Statement:
    """The parts of a change as one statement, its values bound."""
    values: dict[str, Any] = {}
    sides = {}
    for side, filters in (("before", before), ("now", now)):
        if set(by) & set(LOSS_DIMENSIONS):
            text = losses.of(warehouse, asked, filters, by, side, values)
        else:
            text = _slices(warehouse, asked, filters, by, side, values)
        sides[side] = text
    template = RATIO if asked.is_ratio else SUM
    return Statement(template.format(**sides), values)


def _slices(
    warehouse: Warehouse,
    asked: Recipe,
    filters: Filters,
    by: tuple[str, ...],
    side: str,
    values: dict[str, Any],
) -> str:
    *outer, inner = by
    members = [_members(warehouse, asked.domain, filters, name) for name in outer]
    combinations = list(product(*members))
    if len(combinations) > MOST_CALLS:
        raise CannotDecompose(
            f"{asked.label} would fall into more than {MOST_CALLS} times the slices of {inner}.",
            f"{asked.domain}.{asked.metric}",
            "Take fewer dimensions, or limit one of them by a filter.",
        )
    calls = []
    for number, combination in enumerate(combinations):
        limits: dict[str, Any] = {
            FILTER_OF[name]: (member,) for name, member in zip(outer, combination, strict=True)
        }
        kept = replace(filters, **limits)
        prefix = f"{side}_{number}_" if outer else f"{side}_"
        calls.append(_call(warehouse, asked, kept, inner, combination, prefix, values))
    return "\n    union all\n    ".join(calls)


def _call(
    warehouse: Warehouse,
    asked: Recipe,
    filters: Filters,
    by: str,
    outer: tuple[str, ...],
    prefix: str,
    values: dict[str, Any],
) -> str:
    params = metrics.statement(warehouse, asked.domain, filters, by).params
    values.update({f"{prefix}{name}": value for name, value in params.items()})
    names = [f"${prefix}member_{place}" for place in range(len(outer))]
    values.update({name[1:]: member for name, member in zip(names, outer, strict=True)})
    slice_ = f"cast(to_json([{', '.join(names)}, slices.slice]) as varchar)"
    return (
        f"select {slice_ if outer else 'slices.slice'} as slice, {_columns(asked)} "
        f"from {call(f'metrics.{asked.domain}', params, prefix)} as slices "
        "where not slices.is_total"
    )


def _columns(asked: Recipe) -> str:
    columns = f"slices.{asked.numerator} as numerator"
    return f"{columns}, slices.{asked.denominator} as denominator" if asked.is_ratio else columns


def _members(
    warehouse: Warehouse, domain: str, filters: Filters, dimension: str
) -> tuple[str, ...]:
    """The members that pass the filter in any window: a slice may be in one window only."""
    kept: tuple[str, ...] | None = getattr(filters, FILTER_OF[dimension])
    if kept:
        return kept
    anywhen = metrics.query(warehouse, domain, filters.with_window(None, None), dimension)
    return tuple(anywhen.filter(~anywhen["is_total"])["slice"].to_list())
