"""Whether customers leave more often than they did, where, and for what reason."""

from dataclasses import dataclass
from datetime import timedelta

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.intervals import p_two_shares, wilson
from revops.insights.model import Category, Driver, Evidence, Insight, Status
from revops.insights.reasons import Reason, main_reason, reasons
from revops.periods import add_months

CATEGORY: Category = "revenue"

RATE = (
    "sum(lost_customers) / nullif(sum(opening_customers), 0) as value, "
    "cast(sum(opening_customers) as bigint) as n"
)
COUNTS = "sum(lost_customers)::bigint as lost, sum(opening_customers)::bigint as at_risk"


@dataclass(frozen=True)
class Losses:
    """Customers lost of those at risk (counted once per month), now and before.

    `segment` is None for all that pass the filters.
    """

    segment: str | None
    lost: int
    at_risk: int
    lost_before: int
    at_risk_before: int

    @property
    def rate(self) -> float:
        """Share lost per month."""
        return self.lost / self.at_risk

    @property
    def before(self) -> float:
        """Share lost per month in the months before."""
        return self.lost_before / self.at_risk_before

    @property
    def p_value(self) -> float | None:
        """How often chance alone would differ so much."""
        return p_two_shares(self.lost, self.at_risk, self.lost_before, self.at_risk_before)

    @property
    def who(self) -> str:
        """ "SMB customers"."""
        return f"{self.segment} customers" if self.segment else "customers"


def churn(context: Context) -> Insight:
    """Do more customers leave per month than in the year before, and why?

    Why: lost customers must be replaced before a company grows at all, and a wave in one
    segment or for one reason is cheaper to stop than to outsell.
    Do: call the customers who show the same reason, and bring it to whoever owns it:
    product, onboarding, pricing or support.
    """
    window, before = _windows(context)
    slices = context.rows(context.metric("slice", "revenue", window, by="segment"))
    names = [None, *(row["slice"] for row in slices)]
    cases = [_losses(context, name, window, before) for name in names]
    tested = [case for case in cases if case is not None]
    if not tested:
        return no_data(churn, "Too few customers whose MRR is known month by month to judge.")
    more = [case for case in tested if _status(context, case, len(tested)) != "good"]
    worst = min(more or tested[:1], key=lambda case: case.p_value or 1.0)
    scope = _scope(context, window, worst)
    rate, then = context.words(worst.rate, "ratio"), context.words(worst.before, "ratio")
    said = (
        f"More {worst.who} leave: {rate} a month, {then} in the year before."
        if more
        else f"Customers are not shown to leave more often: {rate} of {worst.who} a month, "
        f"{then} in the year before."
    )
    why = reasons(context.warehouse, scope) if more else []
    main = main_reason(why)
    return finding(
        churn,
        _status(context, worst, len(tested)) if more else "good",
        f"{said} {_reason_words(context, main)}" if main else said,
        (_evidence(context, scope, worst), *([main.evidence(context, scope)] if main else [])),
        drivers=tuple(Driver(one.name, one.customers, "count", share=one.share) for one in why),
        scope=scope,
    )


def _windows(context: Context) -> tuple[Filters, Filters]:
    """The last complete months, and the months before them."""
    after = context.as_of + timedelta(days=1)
    until = min(context.filters.until or after, after).replace(day=1)
    since = add_months(until, -int(context.thresholds["months"]))
    start = add_months(since, -int(context.thresholds["baseline_months"]))
    return context.filters.with_window(since, until), context.filters.with_window(start, since)


def _losses(
    context: Context, segment: str | None, window: Filters, before: Filters
) -> Losses | None:
    """None when too few are at risk in either period, or their history is not known."""
    limits = context.thresholds
    case = Losses(segment, 0, 0, 0, 0)
    now = _monthly(context, _scope(context, window, case))
    then = _monthly(context, _scope(context, before, case))
    if None in (now.get("lost"), then.get("lost")):
        return None
    if now["at_risk"] < limits["minimum_customers"] or then["at_risk"] <= now["at_risk"]:
        return None
    return Losses(segment, now["lost"], now["at_risk"], then["lost"], then["at_risk"])


def _monthly(context: Context, filters: Filters) -> dict[str, int]:
    return context.row(context.metric(COUNTS, "revenue", filters, by="month"))


def _scope(context: Context, window: Filters, case: Losses) -> Filters:
    return context.scope(window, segments=case.segment) if case.segment else window


def _status(context: Context, case: Losses, tests: int) -> Status:
    """News only when more leave, by enough customers, and more than chance over all tests."""
    limits = context.thresholds
    if case.rate <= case.before or case.lost < limits["minimum_lost"] or case.p_value is None:
        return "good"
    p_value = min(1.0, case.p_value * tests)
    if p_value <= limits["alert_p"]:
        return "alert"
    return "watch" if p_value <= limits["watch_p"] else "good"


def _evidence(context: Context, scope: Filters, case: Losses) -> Evidence:
    return Evidence(
        metric="logo_churn",
        label=f"Share of {case.who} lost per month",
        value=case.rate,
        unit="ratio",
        sql=context.metric(RATE, "revenue", scope, by="month").literal(),
        baseline=case.before,
        baseline_label="the year before",
        n=case.at_risk,
        interval=wilson(case.lost, case.at_risk),
        p_value=case.p_value,
    )


def _reason_words(context: Context, main: Reason) -> str:
    share = context.words(main.share, "ratio")
    return f"Most often named: {main.name}, {share} of {context.words(main.of, 'count')} losses."
