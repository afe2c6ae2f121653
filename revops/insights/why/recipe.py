"""Which sums a metric is made of, or why it cannot be divided among slices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from revops import macros, metrics
from revops.errors import CannotDecompose, UnknownName
from revops.refusals import suggestion
from revops.warehouse import Warehouse

MEDIAN = "a quantile belongs to all its deals at once: no part of it can be added up"
MEAN = "the number of deals behind the mean is no column, so its slices have no weights"
BOUND = "it is the end of an interval, and no sum"
PRODUCT = "it is a product of four figures whose slices do not add up"
NOT_ADDITIVE = {
    ("pipeline", "sales_cycle_median_days"): MEDIAN,
    ("pipeline", "sales_cycle_p75_days"): MEDIAN,
    ("pipeline", "mean_cycle_days"): MEAN,
    ("pipeline", "mean_won_amount"): MEAN,
    ("pipeline", "win_rate_low"): BOUND,
    ("pipeline", "win_rate_high"): BOUND,
    ("pipeline", "velocity_amount"): PRODUCT,
    ("pipeline", "velocity_per_day"): PRODUCT,
}
ADDED = ("money", "count")
# Filters by the dimension they limit: what lets two dimensions be crossed.
FILTER_OF = {
    "segment": "segments",
    "channel": "channels",
    "region": "regions",
    "plan": "plans",
    "owner": "owners",
    "campaign": "campaigns",
}
# Losses carry a reason and a tenure that no metric is split by: reports.churn_analysis is.
LOSSES = {
    "churned_mrr": "churned_mrr",
    "lost_customers": "lost_customers",
    "logo_churn": "lost_customers",
}
LOSS_DIMENSIONS = {"reason": "churn_reason", "tenure": "tenure_band"}
# A lost deal carries a reason too. In both, what a loss can be crossed with, by its column.
LOST_DEALS = "lost_deals"
CROSSED = {
    "revenue": {**LOSS_DIMENSIONS, "segment": "segment"},
    "pipeline": {
        "reason": "loss_reason",
        "segment": "segment",
        "channel": "channel",
        "owner": "owner",
        "region": "region",
    },
}


@dataclass(frozen=True)
class Recipe:
    """A metric as one sum (`denominator` empty) or a division of two, with its words."""

    domain: str
    metric: str
    label: str
    unit: str
    better: str | None
    window: str
    numerator: str
    denominator: str | None
    shares_of: str = ""

    def as_shares(self) -> "Recipe":
        """A ratio as the sum of what each loss adds to it: losses divided by the whole base.

        A reason has no base of its own, so nothing is mix: all of it is rate.
        """
        if self.denominator is None:
            return self
        return replace(self, numerator=self.metric, denominator=None, shares_of=self.denominator)

    @property
    def is_ratio(self) -> bool:
        """Whether the metric is a division of two sums."""
        return self.denominator is not None


def recipe(warehouse: Warehouse, metric: str) -> Recipe:
    """The sums behind a metric, named as `win_rate` or `pipeline.win_rate`.

    Raises UnknownName for a metric that is not there, CannotDecompose for one that is
    neither a sum nor a division of two sums.
    """
    row = catalogued(warehouse, metric)
    rows = _rows(warehouse)
    found = {entry["metric"]: entry for entry in rows if entry["domain"] == row["domain"]}
    if reason := _reason(row, found):
        raise CannotDecompose(
            f"{row['label']} cannot be divided among slices: {reason}.",
            f"{row['domain']}.{row['metric']}",
            "Explain the sums it is made of, or compare its slices side by side.",
        )
    return Recipe(
        domain=row["domain"],
        metric=row["metric"],
        label=row["label"],
        unit=row["unit"],
        better=row["better"],
        window=row["time_window"],
        numerator=row["numerator"] or row["metric"],
        denominator=row["denominator"],
    )


def refusal(warehouse: Warehouse, metric: str) -> str | None:
    """Why a metric cannot be divided among slices; None when it can."""
    try:
        recipe(warehouse, metric)
    except CannotDecompose as error:
        return error.what
    return None


def dimensions(warehouse: Warehouse, metric: str) -> tuple[str, ...]:
    """What a metric's change can be divided by."""
    asked = recipe(warehouse, metric)
    own = metrics.dimensions(warehouse, asked.domain)
    if asked.domain == "pipeline" and asked.window == "flow":
        # the stage of a closed deal is how it ended, and no reason for that
        own = tuple(name for name in own if name != "stage")
    if asked.domain == "revenue" and asked.metric in LOSSES:
        return (*own, *LOSS_DIMENSIONS)
    return (*own, "reason") if (asked.domain, asked.metric) == ("pipeline", LOST_DEALS) else own


def split(warehouse: Warehouse, asked: Recipe, by: str | Sequence[str]) -> tuple[str, ...]:
    """The dimensions asked for, each known and each once, in an order that can be crossed.

    A dimension that no filter limits, such as the stage, comes last: the others are its
    filters. Raises UnknownName or CannotDecompose.
    """
    names = list(dict.fromkeys([by] if isinstance(by, str) else by))
    options = list(dimensions(warehouse, f"{asked.domain}.{asked.metric}"))
    for name in names:
        macros.known(f"dimension of {asked.label}", name, options)
    accepted = macros.parameters(warehouse, "metrics")[asked.domain]
    if set(names) & set(LOSS_DIMENSIONS) and set(names) <= set(CROSSED[asked.domain]):
        return tuple(names)
    last = [name for name in names if FILTER_OF.get(name) not in accepted]
    if not names or len(last) > 1 or set(names) & set(LOSS_DIMENSIONS):
        raise CannotDecompose(
            f"{asked.label} cannot be divided by {' and '.join(names) or 'nothing'} together.",
            f"{asked.domain}.{asked.metric}",
            f"Take one of {', '.join(options)}, or several that are filters too.",
        )
    return (*(name for name in names if name not in last), *last)


def catalogued(warehouse: Warehouse, metric: str) -> dict[str, Any]:
    """The catalogue's row of a metric, by `metric` or `domain.metric`; KPIs before their parts.

    Raises UnknownName.
    """
    rows = _rows(warehouse)
    found = [row for row in rows if metric in (row["metric"], f"{row['domain']}.{row['metric']}")]
    if not found:
        names = [f"{r['domain']}.{r['metric']}" if "." in metric else r["metric"] for r in rows]
        raise UnknownName(f"There is no metric {metric!r}.", "", suggestion(metric, names))
    return min(found, key=lambda row: row["role"] != "kpi")


def _rows(warehouse: Warehouse) -> list[dict[str, Any]]:
    return list(metrics.catalogue(warehouse).iter_rows(named=True))


def _reason(row: dict[str, Any], found: dict[str, dict[str, Any]]) -> str | None:
    if row["domain"] == "finance":
        return "the accounts know one company and no slices"
    if written := NOT_ADDITIVE.get((row["domain"], row["metric"])):
        return written
    if row["denominator"]:
        names = (row["numerator"], row["denominator"])
        reasons = (_reason(found[name], found) for name in names)
        return next((reason for reason in reasons if reason), None)
    if row["unit"] not in ADDED:
        return "it is neither a sum nor a division of two sums"
    return None
