"""Whether customers leave more often than they did, where, and for what reason."""

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.intervals import wilson
from revops.insights.losses import Losses, losses
from revops.insights.model import Category, Driver, Evidence, Insight, Status
from revops.insights.reasons import Reason, reasons

CATEGORY: Category = "revenue"

RATE = (
    "sum(lost_customers) / nullif(sum(opening_customers), 0) as value, "
    "cast(sum(opening_customers) as bigint) as n"
)


def churn(context: Context) -> Insight:
    """Do more customers leave per month than in the year before, and why?

    Why: lost customers must be replaced before a company grows at all, and a wave in one
    segment or for one reason is cheaper to stop than to outsell.
    Do: call the customers who show the same reason, and bring it to whoever owns it:
    product, onboarding, pricing or support.
    """
    limits = context.thresholds
    months, look_back, baseline = (
        int(limits[name]) for name in ("months", "look_back_months", "baseline_months")
    )
    cases = losses(context, months, look_back, baseline)
    tested = [case for case in cases if case.at_risk >= limits["minimum_customers"]]
    if not tested:
        return no_data(churn, "Too few customers whose MRR is known month by month to judge.")
    more = [case for case in tested if _status(context, case) != "good"]
    worst = min(more or tested, key=lambda case: (case.p_value, -case.rate))
    scope = context.scope(worst.window, segments=worst.segment)
    rate, then = context.words(worst.rate, "ratio"), context.words(worst.before, "ratio")
    when = worst.window.describe_window()
    if not more:
        return finding(
            churn,
            "good",
            f"Customers are not shown to leave more often: {rate} of {worst.segment} customers a "
            f"month in {when}, {then} in the year before.",
            (_evidence(context, scope, worst),),
            scope=scope,
        )
    why = _largest_surplus_first(reasons(context.warehouse, scope), worst)
    main = _main(why, worst, limits["reason_p"])
    said = (
        f"More {worst.segment} customers left in {when}: {rate} a month, {then} in the year before."
    )
    return finding(
        churn,
        _status(context, worst),
        f"{said} {_reason_words(context, main)}" if main else said,
        (_evidence(context, scope, worst), *([main.evidence(context, scope)] if main else [])),
        drivers=tuple(Driver(one.name, one.customers, "count", share=one.share) for one in why),
        scope=scope,
    )


def _status(context: Context, case: Losses) -> Status:
    """News only when more leave, by enough customers, and more than chance over all tests."""
    limits = context.thresholds
    if case.rate <= case.before or case.lost < limits["minimum_lost"]:
        return "good"
    if case.p_value <= limits["alert_p"]:
        return "alert"
    return "watch" if case.p_value <= limits["watch_p"] else "good"


def _evidence(context: Context, scope: Filters, case: Losses) -> Evidence:
    return Evidence(
        metric="logo_churn",
        label=f"Share of {case.segment} customers lost per month",
        value=case.rate,
        unit="ratio",
        sql=context.metric(RATE, "revenue", scope, by="month").literal(),
        baseline=case.before,
        baseline_label="the year before",
        n=case.at_risk,
        interval=wilson(case.lost, case.at_risk),
        p_value=case.p_value,
    )


def _largest_surplus_first(why: list[Reason], case: Losses) -> list[Reason]:
    return sorted(why, key=lambda one: (-case.surplus(one.name), one.name))


def _main(why: list[Reason], case: Losses, largest_p: float) -> Reason | None:
    """The reason with the largest surplus, when chance does not explain it."""
    known = [one for one in why if one.name in case.known_reasons]
    if not known or case.p_of_reason(known[0].name) * len(known) > largest_p:
        return None
    return known[0]


def _reason_words(context: Context, main: Reason) -> str:
    share = context.words(main.share, "ratio")
    of = context.words(main.of, "count")
    return f"What rose most is {main.name}, named by {share} of the {of} who left."
