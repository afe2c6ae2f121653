"""How far a ratio moved by its numerator, and how far by its denominator."""

from math import isclose

from revops import metrics
from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.why import words
from revops.insights.why.model import CLOSE, Explanation, Part
from revops.insights.why.recipe import catalogued
from revops.statements import Statement, call
from revops.warehouse import Warehouse

SIDES = ("before", "now")
SIDE = """{side} as (
    select
        cast(figures.{numerator} as double) as numerator,
        nullif(cast(figures.{denominator} as double), 0) as denominator
    from {source} as figures
    where figures.is_total
)"""
TEXT = """with {sides}

select
    before.numerator as numerator_before,
    now.numerator as numerator_now,
    before.denominator as denominator_before,
    now.denominator as denominator_now,
    before.numerator / before.denominator as ratio_before,
    now.numerator / now.denominator as ratio_now,
    (now.numerator - before.numerator)
    * (1 / before.denominator + 1 / now.denominator) / 2 as by_numerator,
    (1 / now.denominator - 1 / before.denominator)
    * (before.numerator + now.numerator) / 2 as by_denominator
from before
cross join now"""


def fraction(warehouse: Warehouse, metric: str, *, now: Filters, before: Filters) -> Explanation:
    """Why a ratio differs between two windows or selections, by the two figures it divides.

    Each contribution is the mean of what the figure does when it changes first and when it
    changes last (its Shapley value), so the two add up to the change. It needs no slices:
    the accounts' ratios fall into these parts too. Raises UnknownName, or CannotDecompose for a
    metric that is no division of two figures of the catalogue.
    """
    asked = catalogued(warehouse, metric)
    names = (asked["numerator"], asked["denominator"])
    domain, label = asked["domain"], asked["label"]
    if None in names:
        raise CannotDecompose(
            f"{label} is no division of two figures.",
            f"{domain}.{asked['metric']}",
            "Explain it by a dimension.",
        )
    statement = _statement(warehouse, domain, *names, now, before)
    row = warehouse.query(statement.text, statement.params).row(0, named=True)
    first, last = row["ratio_before"], row["ratio_now"]
    is_known = first is not None and last is not None
    if is_known:
        _check(warehouse, f"{domain}.{asked['metric']}", ((before, first), (now, last)))
    parts = []
    for role, name in zip(("numerator", "denominator"), names, strict=True):
        one = catalogued(warehouse, f"{domain}.{name}")
        ends = (row[f"{role}_before"], row[f"{role}_now"])
        parts.append(Part((one["label"],), row[f"by_{role}"] or 0.0, *ends, unit=one["unit"]))
    return Explanation(
        domain=domain,
        metric=asked["metric"],
        label=label,
        unit=asked["unit"],
        better=asked["better"],
        kind="chain",
        now=now,
        before=before,
        value_now=last,
        value_before=first,
        change=last - first if is_known else None,
        by=(),
        parts=tuple(sorted(parts, key=lambda part: -abs(part.contribution))) if is_known else (),
        effects={},
        is_paradox=False,
        sentence=_sentence(label, first, last, parts, asked["unit"], warehouse.build.currency),
        sql=statement.literal(),
    )


def _statement(
    warehouse: Warehouse,
    domain: str,
    numerator: str,
    denominator: str,
    now: Filters,
    before: Filters,
) -> Statement:
    values, sides = {}, []
    for side, filters in zip(SIDES, (before, now), strict=True):
        params = metrics.statement(warehouse, domain, filters).params
        values.update({f"{side}_{name}": value for name, value in params.items()})
        source = call(f"metrics.{domain}", params, f"{side}_")
        sides.append(
            SIDE.format(side=side, numerator=numerator, denominator=denominator, source=source)
        )
    return Statement(TEXT.format(sides=",\n\n".join(sides)), values)


def _check(
    warehouse: Warehouse, metric: str, ends: tuple[tuple[Filters, float], tuple[Filters, float]]
) -> None:
    """The two figures divided are the metric itself, at both ends."""
    domain, _, name = metric.partition(".")
    for filters, value in ends:
        told = metrics.total(warehouse, domain, filters)[name]
        if told is None or not isclose(float(told), value, rel_tol=CLOSE, abs_tol=CLOSE):
            raise CannotDecompose(
                "The two figures divided are not the metric.", metric, "Explain it by a dimension."
            )


def _sentence(
    label: str,
    first: float | None,
    last: float | None,
    parts: list[Part],
    unit: str,
    currency: str,
) -> str:
    if first is None or last is None:
        return words.not_known(label, first, last)
    moved = ", ".join(
        f"{words.signed(part.contribution, unit, currency)} from {part.label}" for part in parts
    )
    return f"{words.opening(label, first, last, unit, currency)}: {moved}."
