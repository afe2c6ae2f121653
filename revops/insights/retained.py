"""What the customers of 12 months ago still pay, beside a target, and who moved it."""

from dataclasses import dataclass
from typing import Literal

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import known
from revops.insights.intervals import for_the_worse, normal, p_of
from revops.insights.model import Driver, Interval
from revops.insights.targets import Target
from revops.statements import Statement
from revops.targets import EVERYTHING

Kept = Literal["nrr", "grr"]
# What each customer counts for: all it pays, or no more than it paid then.
COUNTED = {
    "nrr": "cast(months.closing_mrr as double)",
    "grr": "cast(least(months.closing_mrr, months.mrr_12m_ago) as double)",
}
BASE = """from marts.customer_months as months
inner join intermediate.customer_attributes as attributes
    on months.customer_id = attributes.customer_id
where months.month = (
        select max(measured.month) from marts.customer_months as measured
        where not measured.is_partial and ($until is null or measured.measured_on < $until)
    )
    and months.mrr_12m_ago > 0{conditions}"""
# The standard error of a ratio of sums over customers (delta method).
SPREAD = """select
    count(*) as customers,
    sum(cast(months.mrr_12m_ago as double)) as base,
    sqrt(sum(pow({counted} - $kept * months.mrr_12m_ago, 2)))
        / nullif(sum(cast(months.mrr_12m_ago as double)), 0) as error
"""
MOVERS = """select
    coalesce(attributes.account, months.customer_id) as name,
    {counted} - cast(months.mrr_12m_ago as double) as moved
"""
WORST_MOVERS = "\norder by moved, name\nlimit 4"
COLUMNS = {
    "segments": "months.segment_12m_ago",
    "plans": "months.plan_12m_ago",
    "regions": "months.region_12m_ago",
    "channels": "months.channel",
}


@dataclass(frozen=True)
class Retention:
    """Retention of a segment, or of all that pass the filters when `segment` is None."""

    segment: str | None
    kept: float
    target: Target
    target_label: str
    customers: int
    base: float
    error: float

    @property
    def gap(self) -> float:
        """How far below the target; negative when above."""
        return self.target.value - self.kept

    @property
    def missing(self) -> float:
        """MRR per month that is missing to the target."""
        return self.gap * self.base

    @property
    def interval(self) -> Interval:
        """Where the retention of such customers plausibly lies."""
        return normal(self.kept, self.error)

    @property
    def p_value(self) -> float | None:
        """How often chance alone would miss the target by so much."""
        return for_the_worse(p_of(self.gap, self.error), self.gap > 0)

    @property
    def who(self) -> str:
        """Whose revenue is meant, to begin a sentence."""
        return f"{self.segment} customers" if self.segment else "Customers"


def retentions(context: Context, metric: Kept, wanted: dict[str, Target]) -> list[Retention]:
    """Everybody's, and each segment's where enough customers paid 12 months ago."""
    window = context.filters.with_window(None, context.filters.until)
    # both at once, so that the second rule finds the answer of the first
    whole = context.row(context.metric("nrr, grr", "revenue", window))
    slices = context.rows(context.metric("slice, nrr, grr", "revenue", window, by="segment"))
    values = {None: whole.get(metric), **{row["slice"]: row[metric] for row in slices}}
    found = (
        _retention(context, metric, window, name, kept, wanted)
        for name, kept in values.items()
        if kept is not None
    )
    return [one for one in found if one is not None]


def movers(context: Context, metric: Kept, scope: Filters) -> tuple[Driver, ...]:
    """The customers whose MRR fell most."""
    asked = _of_the_base(context, scope, MOVERS.format(counted=COUNTED[metric]))
    rows = context.rows(Statement(asked.text + WORST_MOVERS, asked.params))
    return tuple(Driver(row["name"], row["moved"], "money") for row in rows if row["moved"] < 0)


def _retention(
    context: Context,
    metric: Kept,
    window: Filters,
    segment: str | None,
    kept: float,
    wanted: dict[str, Target],
) -> Retention | None:
    scope = context.scope(window, segments=segment) if segment else window
    asked = _of_the_base(context, scope, SPREAD.format(counted=COUNTED[metric]))
    asked = Statement(asked.text, {**asked.params, "kept": kept})
    spread = known(context.row(asked), "customers", "base", "error")
    if spread is None or spread[0] < context.thresholds["minimum_customers"]:
        return None
    members = context.filters.segments or ()
    named = segment or (members[0] if len(members) == 1 else None if members else EVERYTHING)
    target, label = wanted.get(named or ""), "the target"
    if target is None:
        target, label = Target(context.thresholds["default_target"]), "the default target"
    return Retention(segment, float(kept), target, label, int(spread[0]), *spread[1:])


def _of_the_base(context: Context, scope: Filters, question: str) -> Statement:
    kept = context.kept(scope.with_window(None, None), COLUMNS)
    return Statement(
        question + BASE.format(conditions=kept.text), {**kept.params, "until": scope.until}
    )
