"""Why an amount moved that is volume × rate × price: new MRR and bookings."""

from collections.abc import Mapping
from math import isclose
from typing import Any

from revops import metrics
from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.why import words
from revops.insights.why.chain_recipes import CHAINS, Chain
from revops.insights.why.model import CLOSE, Explanation, Part
from revops.macros import known
from revops.statements import Statement, call
from revops.warehouse import Warehouse

FACTORS = {"volume": "count", "rate": "ratio", "price": "money"}
SIDES = ("before", "now")
TEXT = """with {sides},

parts as (
    select
        'all' as slice,
        {columns}
    from {tables}
)

from reports.chain_drivers((select list(parts) from parts))"""
SIDE = """{name} as (
    select {columns}
    from {source} as figures
    where {kept}
)"""


def chain(warehouse: Warehouse, name: str, *, now: Filters, before: Filters) -> Explanation:
    """Why new MRR (leads × conversion × ASP) or bookings (deals decided × win rate × average
    won amount) differ between two windows or selections.

    A factor's contribution is its Shapley value: the mean of what it does over all orders in
    which the factors could have changed. A factor that one window cannot show, such as the
    price where nothing was sold, counts as unmoved. Leads are those of the window and not one
    cohort followed through. Raises UnknownName, or CannotDecompose where an amount came without a
    case, a case came without volume, or a window cuts a month that is told only whole.
    """
    asked = CHAINS[known("chain", name, list(CHAINS))]
    if asked.is_by_months:
        _check_months(asked, now, before)
    statement = _statement(warehouse, asked, now, before)
    row = warehouse.query(statement.text, statement.params).row(0, named=True)
    is_known = row["contribution"] is not None
    if is_known:
        _check_balance(asked, row)
    first, last = row["amount_before"], row["amount_now"]
    parts = tuple(
        Part(
            (label,),
            row[f"by_{factor}"],
            row[f"{factor}_before"],
            row[f"{factor}_now"],
            unit=FACTORS[factor],
        )
        for label, factor in zip(asked.factors, FACTORS, strict=True)
    )
    return Explanation(
        domain=asked.domain,
        metric=asked.name,
        label=asked.label,
        unit="money",
        better="higher",
        kind="chain",
        now=now,
        before=before,
        value_now=last,
        value_before=first,
        change=last - first if is_known else None,
        by=(),
        parts=tuple(sorted(parts, key=lambda part: -abs(part.contribution))) if is_known else (),
        effects={factor: row[f"by_{factor}"] for factor in FACTORS} if is_known else {},
        is_paradox=False,
        sentence=_sentence(asked, first, last, parts, is_known, warehouse.build.currency),
        sql=statement.literal(),
    )


def _sentence(
    asked: Chain,
    first: float | None,
    last: float | None,
    parts: tuple[Part, ...],
    is_known: bool,
    currency: str,
) -> str:
    if first is None or last is None:
        return words.not_known(asked.label, first, last)
    if not is_known:
        return f"The {asked.factors[0]} are not known in both windows: the change stays whole."
    moved = ", ".join(
        f"{words.signed(part.contribution, 'money', currency)} from {part.label}" for part in parts
    )
    return f"{words.opening(asked.label, first, last, 'money', currency)}: {moved}."


def _statement(warehouse: Warehouse, asked: Chain, now: Filters, before: Filters) -> Statement:
    values: dict[str, Any] = {}
    sides = []
    for side, filters in zip(SIDES, (before, now), strict=True):
        for domain, by in asked.sources.items():
            params = metrics.statement(warehouse, domain, filters, by).params
            prefix = f"{side}_{domain}_"
            values.update({f"{prefix}{name}": value for name, value in params.items()})
            names = [name.split(".") for name in asked.sums.values()]
            sums = ", ".join(f"sum(figures.{n}) as {n}" for source, n in names if source == domain)
            source = call(f"metrics.{domain}", params, prefix)
            kept = "not figures.is_total" if by else "figures.is_total"
            sides.append(
                SIDE.format(name=f"{side}_{domain}", columns=sums, source=source, kept=kept)
            )
    columns = [
        f"{side}_{column} as {name}_{side}" for side in SIDES for name, column in asked.sums.items()
    ]
    tables = [f"{side}_{domain}" for side in SIDES for domain in asked.sources]
    text = TEXT.format(
        sides=",\n\n".join(sides),
        columns=",\n        ".join(columns),
        tables="\n    cross join ".join(tables),
    )
    return Statement(text, values)


def _check_balance(asked: Chain, row: Mapping[str, Any]) -> None:
    change = row["amount_now"] - row["amount_before"]
    size = max(abs(row["amount_now"]), abs(row["amount_before"]), 1.0)
    if not isclose(row["contribution"], change, rel_tol=0, abs_tol=CLOSE * size):
        volume, rate, _ = asked.factors
        raise CannotDecompose(
            f"{asked.label} came without any {volume}, or without any case of {rate}, "
            "in one of the windows.",
            ", ".join(asked.sums.values()),
            f"Divide {asked.amount} by a dimension instead.",
        )


def _check_months(asked: Chain, *windows: Filters) -> None:
    for filters in windows:
        if filters.since and filters.until and filters.since.day == filters.until.day == 1:
            continue
        raise CannotDecompose(
            f"{asked.label} is told by whole months, and {filters.describe_window()} cuts one.",
            "since, until",
            "Take windows that begin with a month and end with one.",
        )
