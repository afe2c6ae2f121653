"""The ways of explaining one metric's change, the best first: dimensions, movements, factors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.why.bridges import bridge
from revops.insights.why.chains import chain
from revops.insights.why.choice import candidates
from revops.insights.why.fractions import fraction
from revops.insights.why.model import Explanation
from revops.insights.why.recipe import catalogued
from revops.warehouse import Warehouse

Asked = Callable[[Warehouse, Filters, Filters], Explanation]
OTHER_VIEWS: dict[tuple[str, str], dict[str, tuple[str, Asked]]] = {
    ("revenue", "mrr"): {
        "movement": ("Movement", lambda of, now, before: bridge(of, now=now, before=before)),
        "new_mrr": (
            "New MRR: leads × conversion × ASP",
            lambda of, now, before: chain(of, "new_mrr", now=now, before=before),
        ),
    },
    ("pipeline", "won_amount"): {
        "factors": (
            "Deals × win rate × amount",
            lambda of, now, before: chain(of, "bookings", now=now, before=before),
        )
    },
}


@dataclass(frozen=True)
class View:
    """One way of explaining a change, or why it cannot be gone (`refusal`).

    `concentration` is that of `candidates`, for dimensions only.
    """

    key: str
    label: str
    explanation: Explanation | None
    refusal: str = ""
    concentration: float | None = None


def views(warehouse: Warehouse, metric: str, *, now: Filters, before: Filters) -> tuple[View, ...]:
    """Every way of explaining the change of a metric, the best explaining dimension first.

    Empty never: a metric without exact parts comes as one view with the reason. Raises
    UnknownName for a metric that is not there.
    """
    row = catalogued(warehouse, metric)
    try:
        ranked = candidates(warehouse, metric, now=now, before=before)
    except CannotDecompose as error:
        # the accounts have no slices, but what they divide is known
        halves = _halves(warehouse, row, now, before)
        return halves or (View("", row["label"], None, error.what),)
    found = [
        View(
            one.dimension,
            one.dimension.capitalize(),
            one.explanation,
            concentration=one.concentration,
        )
        for one in ranked
    ]
    for key, (label, ask) in OTHER_VIEWS.get((row["domain"], row["metric"]), {}).items():
        try:
            found.append(View(key, label, ask(warehouse, now, before)))
        except CannotDecompose as error:
            found.append(View(key, label, None, error.what))
    return (*found, *_halves(warehouse, row, now, before))


def _halves(
    warehouse: Warehouse, row: dict[str, Any], now: Filters, before: Filters
) -> tuple[View, ...]:
    metric = f"{row['domain']}.{row['metric']}"
    try:
        found = fraction(warehouse, metric, now=now, before=before)
    except CannotDecompose:
        return ()
    return (View("fraction", "Numerator and denominator", found),)
