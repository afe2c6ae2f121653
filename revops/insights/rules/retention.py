"""Whether existing customers are worth as much as the target asks."""

from dataclasses import dataclass

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, impact, known, no_data
from revops.insights.intervals import normal, p_of
from revops.insights.model import Category, Driver, Effect, Evidence, Status
from revops.insights.question import Tested
from revops.insights.targets import ALL, Target, targets
from revops.statements import Statement

CATEGORY: Category = "revenue"

# The customers NRR is made of, and the standard error of a ratio of their sums (delta method).
SPREAD = """select
    count(*) as customers,
    sum(cast(months.mrr_12m_ago as double)) as base,
    sqrt(sum(pow(cast(months.closing_mrr as double) - $nrr * months.mrr_12m_ago, 2)))
        / nullif(sum(cast(months.mrr_12m_ago as double)), 0) as error
from marts.customer_months as months
where months.month = (
        select max(measured.month) from marts.customer_months as measured
        where not measured.is_partial and ($until is null or measured.measured_on < $until)
    )
    and months.mrr_12m_ago > 0{conditions}"""

CONDITIONS = {
    "segments": "list_contains($segments, months.segment_12m_ago)",
    "plans": "list_contains($plans, months.plan_12m_ago)",
    "regions": "list_contains($regions, months.region_12m_ago)",
    "channels": "list_contains($channels, months.channel)",
}


@dataclass(frozen=True)
class Retention:
    """NRR of a segment, or of all that pass the filters when `segment` is None."""

    segment: str | None
    nrr: float
    target: float
    floor: float
    target_label: str
    customers: int
    base: float
    error: float

    @property
    def gap(self) -> float:
        """How far below the target; negative when above."""
        return self.target - self.nrr

    @property
    def p_value(self) -> float:
        """How often chance alone would lie so far from the target."""
        return p_of(self.gap, self.error)

    @property
    def who(self) -> str:
        """Whose revenue is meant, to begin a sentence."""
        return f"{self.segment} customers" if self.segment else "Customers"


def nrr_below_target(context: Context) -> Tested:
    """Do the customers of 12 months ago pay less today than the target asks?

    Why: below 100 % the installed base shrinks and every new customer first fills a hole;
    the target says what the plan counts on.
    Do: list the customers who shrank or left since, largest first, and split the gap into
    churn, contraction and missing expansion: each has another owner.
    """
    window = context.filters.with_window(None, context.filters.until)
    slices = context.rows(context.metric("slice", "revenue", window, by="segment"))
    wanted = targets(context.warehouse, "nrr_targets")
    names = [None, *(row["slice"] for row in slices)]
    cases = [_retention(context, window, name, wanted) for name in names]
    tested = [case for case in cases if case is not None]
    if not tested:
        return no_data(
            nrr_below_target,
            "MRR of 12 months ago is not known for enough customers: it needs subscriptions.csv "
            "and 12 months of it.",
        )
    adjusted = yield [case.p_value for case in tested]
    judged = [
        (case, p, _status(context, case, p)) for case, p in zip(tested, adjusted, strict=True)
    ]
    low = [one for one in judged if one[2] != "good"]
    worst, p_value, status = min(low, key=lambda one: one[0].p_value) if low else judged[0]
    rate, target = context.words(worst.nrr, "ratio"), context.words(worst.target, "ratio")
    said = (
        f"{worst.who} of 12 months ago pay {rate} of what they paid then; {worst.target_label} "
        f"is {target}."
        if low
        else f"Net revenue retention is {rate}, not shown to miss {worst.target_label} of {target}."
    )
    scope = context.scope(window, segments=worst.segment) if worst.segment else window
    return finding(
        nrr_below_target,
        status,
        said,
        _evidence(context, scope, worst, p_value),
        drivers=tuple(Driver(case.segment, -case.gap, "ratio") for case in tested if case.segment),
        scope=scope,
    )


def _retention(
    context: Context, window: Filters, segment: str | None, wanted: dict[str, Target]
) -> Retention | None:
    """None when NRR is not known, or too few customers paid 12 months ago."""
    scope = context.scope(window, segments=segment) if segment else window
    asked = context.metric("nrr", "revenue", scope)
    values = known(context.row(asked), "nrr")
    if values is None:
        return None
    params = {"until": None, **asked.params, "nrr": values[0]}
    conditions = "".join(
        f"\n    and {text}" for name, text in CONDITIONS.items() if name in asked.params
    )
    spread = known(
        context.row(Statement(SPREAD.format(conditions=conditions), params)),
        "customers",
        "base",
        "error",
    )
    if spread is None or spread[0] < context.thresholds["minimum_customers"]:
        return None
    members = context.filters.segments or ()
    named = segment or (members[0] if len(members) == 1 else None if members else ALL)
    target, label = wanted.get(named or ""), "the target"
    if target is None:
        target, label = Target(context.thresholds["default_target"]), "the default target"
    return Retention(
        segment, values[0], target.value, target.floor, label, int(spread[0]), *spread[1:]
    )


def _status(context: Context, case: Retention, p_value: float | None) -> Status:
    if case.gap < context.thresholds["minimum_gap"]:
        return "good"
    status = context.status(p_value, case.gap * case.base)
    # short of the target, and yet within what the benchmark calls usual
    is_usual = normal(case.nrr, case.error).high >= case.floor
    return "watch" if status == "alert" and is_usual else status


def _evidence(
    context: Context, scope: Filters, case: Retention, p_value: float | None
) -> tuple[Evidence, ...]:
    interval = normal(case.nrr, case.error)
    main = Evidence(
        metric="nrr",
        label=f"Net revenue retention of {case.segment or 'all'} customers",
        value=case.nrr,
        unit="ratio",
        sql=context.metric("nrr as value", "revenue", scope).literal(),
        baseline=case.target,
        baseline_label=case.target_label,
        n=case.customers,
        interval=interval,
        p_value=case.p_value,
        adjusted_p=p_value,
        effect=Effect(-case.gap, interval.shifted(-case.target)),
    )
    if case.gap <= 0:
        return (main,)
    text = f"({case.target!r} - nrr) * base_mrr_12m as value"
    missing = context.metric(text, "revenue", scope)
    return main, impact(case.gap * case.base, missing, "MRR missing to it")
