"""MRR from one day to another, by what customers did."""

from datetime import date, timedelta
from math import isclose
from typing import Any

from revops import macros, metrics
from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.why import words
from revops.insights.why.model import CLOSE, Explanation, Part
from revops.statements import Statement, call
from revops.warehouse import Warehouse

MOVEMENTS = {
    "new_mrr": ("New", ""),
    "reactivation_mrr": ("Reactivation", ""),
    "expansion_mrr": ("Expansion", ""),
    "transferred_in_mrr": ("Transferred in", ""),
    "contraction_mrr": ("Contraction", "-"),
    "churned_mrr": ("Churn", "-"),
    "transferred_out_mrr": ("Transferred out", "-"),
}
TEXT = """select
    arg_min(months.opening_mrr, months.month) as opening_mrr,
    arg_max(months.closing_mrr, months.month) as closing_mrr,
    {moves}
from {source} as months"""


def bridge(warehouse: Warehouse, *, now: Filters, before: Filters) -> Explanation:
    """Why MRR differs between the ends of two windows, by movement.

    The windows differ in time only, and the earlier one ends with a month: the books of MRR
    move by months. Transfers are MRR that customers took into or out of the filter's slices.
    Raises CannotDecompose.
    """
    since, until = _days(warehouse, now, before)
    accepted = macros.parameters(warehouse, "reports")["mrr_waterfall"]
    params = macros.honoured(now.with_window(since, until), accepted)
    moves = ",\n    ".join(
        f"{sign}sum(months.{column}) as {column.removesuffix('_mrr')}"
        for column, (_, sign) in MOVEMENTS.items()
    )
    source = call("reports.mrr_waterfall", params)
    statement = Statement(TEXT.format(moves=moves, source=source), params)
    row = warehouse.query(statement.text, statement.params).row(0, named=True)
    first, last = (_number(row[name]) for name in ("opening_mrr", "closing_mrr"))
    amounts = {
        label: _number(row[column.removesuffix("_mrr")]) for column, (label, _) in MOVEMENTS.items()
    }
    is_known = first is not None and last is not None and None not in amounts.values()
    parts = tuple(Part((label,), amount) for label, amount in amounts.items() if amount is not None)
    currency = warehouse.build.currency
    explanation = Explanation(
        domain="revenue",
        metric="mrr",
        label="MRR",
        unit="money",
        better="higher",
        kind="bridge",
        now=now,
        before=before,
        value_now=last,
        value_before=first,
        change=last - first if is_known else None,  # type: ignore[operator]
        by=(),
        parts=parts if is_known else (),
        effects={},
        is_paradox=False,
        sentence=_sentence(first, last, parts, is_known, currency),
        sql=statement.literal(),
    )
    _check_ends(warehouse, explanation)
    return explanation


def _days(warehouse: Warehouse, now: Filters, before: Filters) -> tuple[date, date]:
    as_of = warehouse.build.as_of
    until = min(now.until or date.max, as_of + timedelta(days=1))
    since = before.until
    is_ended = until.day == 1 or until == as_of + timedelta(days=1)
    if since is None or since.day != 1 or not is_ended or since >= until:
        raise CannotDecompose(
            "The books of MRR move by months, from the end of one to the end of a later one.",
            f"{before.describe_window()}; {now.describe_window()}",
            "Take an earlier window that ends with a month, and a later one that ends with "
            "a month or at the as-of date.",
        )
    if now.members() != before.members():
        raise CannotDecompose(
            "MRR moves in time: there is no movement from one selection to another.",
            f"{before.describe()}; {now.describe()}",
            "Compare two selections with explain(…, by=…).",
        )
    return since, until


def _check_ends(warehouse: Warehouse, explanation: Explanation) -> None:
    """The bridge begins and ends at the MRR that the metric itself says."""
    if not explanation.is_known:
        return
    for filters, value in (
        (explanation.before, explanation.value_before),
        (explanation.now, explanation.value_now),
    ):
        told = metrics.total(warehouse, "revenue", filters)["mrr"]
        if told is None or not isclose(float(told), value or 0.0, rel_tol=CLOSE, abs_tol=CLOSE):
            raise CannotDecompose(
                "The books of MRR and the metric disagree at an end of the bridge.",
                filters.describe(),
                "Look at the checks of this build: python -m pipeline status.",
            )


def _sentence(
    first: float | None,
    last: float | None,
    parts: tuple[Part, ...],
    is_known: bool,
    currency: str,
) -> str:
    if not is_known or first is None or last is None:
        return "MRR's movements are not known in this window, so no change can be explained."
    told = words.opening("MRR", first, last, "money", currency)
    moved = ", ".join(
        f"{part.label.lower()} {words.signed(part.contribution, 'money', currency)}"
        for part in parts
        if part.contribution
    )
    return f"{told}: {moved}." if moved else f"{told}."


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
