"""Whether existing customers are worth as much as the target asks."""

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.model import Category, Driver, Effect, Evidence, Insight, Status
from revops.insights.question import PValues, Rule, Tested
from revops.insights.retained import Kept, Retention, movers, retentions
from revops.insights.targets import targets

CATEGORY: Category = "revenue"

NAMES: dict[Kept, str] = {"nrr": "Net revenue retention", "grr": "Gross revenue retention"}
VERBS: dict[Kept, str] = {"nrr": "pay", "grr": "still pay, before any expansion,"}
NOT_KNOWN = (
    "MRR of 12 months ago is not known for enough customers: it needs subscriptions.csv and 12 "
    "months of it."
)


def nrr_below_target(context: Context) -> Tested:
    """Do the customers of 12 months ago pay less today than the target asks?

    Why: below 100 % the installed base shrinks and every new customer first fills a hole;
    the target says what the plan counts on.
    Do: list the customers who shrank or left since, largest first, and split the gap into
    churn, contraction and missing expansion: each has another owner.
    """
    tested = retentions(context, "nrr", targets(context.warehouse, "nrr_targets"))
    if not tested:
        return no_data(nrr_below_target, NOT_KNOWN)
    adjusted = yield [case.p_value for case in tested]
    return _told(context, nrr_below_target, "nrr", tested, adjusted)


def grr_below_target(context: Context) -> Tested:
    """Is less of the MRR of 12 months ago kept, before any expansion, than should be?

    Why: expansion of the happy can hide for a year that the others leave; what is kept without
    it says how tight the base is.
    Do: start with the customers who took most away: did they leave, or cut back, and who knew?
    """
    tested = retentions(context, "grr", {})
    if not tested:
        return no_data(grr_below_target, NOT_KNOWN)
    adjusted = yield [case.p_value for case in tested]
    return _told(context, grr_below_target, "grr", tested, adjusted)


def _told(
    context: Context, rule: Rule, metric: Kept, tested: list[Retention], adjusted: PValues
) -> Insight:
    judged = [
        (case, p, _status(context, case, p)) for case, p in zip(tested, adjusted, strict=True)
    ]
    low = [one for one in judged if one[2] != "good"]
    worst, p_value, status = (
        min(low, key=lambda one: (one[2] != "alert", -one[0].missing)) if low else judged[0]
    )
    window = context.filters.with_window(None, context.filters.until)
    scope = context.scope(window, segments=worst.segment) if worst.segment else window
    rate, target = context.words(worst.kept, "ratio"), context.words(worst.target.value, "ratio")
    said = (
        f"{worst.who} of 12 months ago {VERBS[metric]} {rate} of what they paid then; "
        f"{worst.target_label} is {target}."
        if low
        else f"{NAMES[metric]} is {rate}, not shown to miss {worst.target_label} of {target}."
    )
    segments = (Driver(case.segment, -case.gap, "points") for case in tested if case.segment)
    return finding(
        rule,
        status,
        said,
        _evidence(context, metric, scope, worst, p_value),
        drivers=movers(context, metric, scope) if low else tuple(segments),
        scope=scope,
    )


def _status(context: Context, case: Retention, p_value: float | None) -> Status:
    if case.gap < context.thresholds["minimum_gap"]:
        return "good"
    status = context.status(p_value, case.missing)
    # short of the target, and yet within what the benchmark calls usual
    is_usual = case.interval.high >= case.target.floor
    return "watch" if status == "alert" and is_usual else status


def _evidence(
    context: Context, metric: Kept, scope: Filters, case: Retention, p_value: float | None
) -> tuple[Evidence, ...]:
    main = Evidence(
        metric=metric,
        label=f"{NAMES[metric]} of {case.segment or 'all'} customers",
        value=case.kept,
        unit="ratio",
        sql=context.metric(f"{metric} as value", "revenue", scope).literal(),
        baseline=case.target.value,
        baseline_label=case.target_label,
        n=case.customers,
        interval=case.interval,
        p_value=case.p_value,
        adjusted_p=p_value,
        effect=Effect(-case.gap, case.interval.shifted(-case.target.value)),
    )
    if case.gap <= 0:
        return (main,)
    text = f"({case.target.value!r} - {metric}) * base_mrr_12m as value"
    missing = context.metric(text, "revenue", scope)
    return main, impact(case.missing, missing, "MRR missing to it")
