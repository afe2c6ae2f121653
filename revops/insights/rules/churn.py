"""Whether customers leave in a wave, where, and for what reason."""

from dataclasses import replace
from datetime import timedelta

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.counts import p_more
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import newcombe, wilson
from revops.insights.losses import EXCESS, SHARE, Losses, Stretch, compared
from revops.insights.model import Category, Driver, Effect, Evidence, Status
from revops.insights.question import Tested
from revops.insights.reasons import Reason, main_reason, reasons
from revops.periods import add_months

CATEGORY: Category = "revenue"

Judged = tuple[Stretch, float | None, Status]


def churn(context: Context) -> Tested:
    """Do more customers leave per month than in the two years before, and why?

    Why: lost customers must be replaced before a company grows at all, and a wave in one
    segment or for one reason is cheaper to stop than to outsell.
    Do: call the customers who show the same reason, and bring it to whoever owns it:
    product, onboarding, pricing or support.
    """
    after = context.as_of + timedelta(days=1)
    until = min(context.filters.until or after, after).replace(day=1)
    losses = Losses(context, until)
    tested = [one for name in losses.segments() if (one := _worst_stretch(context, losses, name))]
    if not tested:
        return no_data(churn, "Too few customers whose MRR is known month by month to judge.")
    adjusted = yield [one.p_value for one in tested]
    judged = [
        (one, p, _status(context, losses, one, p)) for one, p in zip(tested, adjusted, strict=True)
    ]
    waves = [each for each in judged if each[2] != "good"]
    worst, p_value, status = _carrier(waves or judged)
    window = context.filters.with_window(worst.since, worst.until)
    scope = context.scope(window, segments=worst.segment) if worst.segment else window
    main = main_reason(reasons(context.warehouse, scope)) if waves else None
    said = _words(context, worst, bool(waves))
    return finding(
        churn,
        status,
        f"{said} {_reason_words(context, main)}" if main else said,
        (
            *_evidence(context, scope, worst, p_value),
            *([main.evidence(context, scope)] if main else []),
        ),
        drivers=_drivers(context, losses, worst) if waves else (),
        scope=scope,
    )


def _carrier(judged: list[Judged]) -> Judged:
    """The segment that carries at least half of what everybody lost more, else everybody."""
    segments = [each for each in judged if each[0].segment is not None]
    whole = [each for each in judged if each[0].segment is None]
    if not segments:
        return whole[0]
    worst = min(segments, key=lambda each: each[0].p_value)
    carries = not whole or worst[0].more_lost >= whole[0][0].more_lost / 2
    return worst if carries else whole[0]


def _worst_stretch(context: Context, losses: Losses, segment: str | None) -> Stretch | None:
    """The stretch that speaks loudest for more losses; None when too few were at risk.

    Several stretches were looked at, so its p value counts them all.
    """
    limits = context.thresholds
    months, back = int(limits["months"]), int(limits["baseline_months"])
    # dates of the reader's own choice are taken as they are
    looked_at = 1 if context.filters.until else int(limits["windows_looked_at"])
    found = [
        one
        for ago in range(looked_at)
        if (one := losses.stretch(segment, add_months(losses.until, -ago), months, back))
        and one.now.exposure >= limits["minimum_customers"]
    ]
    if not found:
        return None
    worst = min(found, key=lambda one: one.p_value)
    return replace(worst, p_value=min(1.0, worst.p_value * len(found)))


def _status(context: Context, losses: Losses, one: Stretch, p_value: float | None) -> Status:
    limits = context.thresholds
    is_more = one.now.value >= (1 + limits["minimum_rise"]) * one.before.value
    if not is_more or one.now.count < limits["minimum_lost"] or _is_seasonal(context, losses, one):
        return "good"
    return context.status(p_value, one.excess)


def _is_seasonal(context: Context, losses: Losses, one: Stretch) -> bool:
    """Whether the same months of the year before lost as many: what returns is not news."""
    earlier = losses.rate(one.segment, add_months(one.since, -12), add_months(one.until, -12))
    if earlier.exposure < context.thresholds["minimum_customers"]:
        return False
    rose = earlier.value - one.before.value > (one.now.value - one.before.value) / 2
    # few losses vary by chance; only what is beyond it is a habit of the calendar
    p_value = p_more(earlier, one.before)
    return rose and p_value is not None and p_value <= context.thresholds["seasonal_p"]


def _words(context: Context, one: Stretch, is_news: bool) -> str:
    rate, before = context.words(one.now.value, "ratio"), context.words(one.before.value, "ratio")
    who = f"{one.segment} customers" if one.segment else "customers"
    if is_news:
        return f"More {who} leave: {rate} a month, {before} in the two years before."
    return (
        f"Customers are not shown to leave more often: {rate} of {who} a month, {before} in the "
        "two years before."
    )


def _evidence(
    context: Context, scope: Filters, one: Stretch, p_value: float | None
) -> tuple[Evidence, ...]:
    start = add_months(one.since, -int(context.thresholds["baseline_months"]))
    now, before = one.now, one.before
    main = Evidence(
        metric="logo_churn",
        label=f"Share of {f'{one.segment} ' if one.segment else ''}customers lost per month",
        value=now.value,
        unit="ratio",
        sql=compared(context, scope, start, SHARE).literal(),
        baseline=before.value,
        baseline_label="the two years before",
        n=int(now.exposure),
        interval=wilson(now.count, now.exposure),
        p_value=one.p_value,
        adjusted_p=p_value,
        effect=Effect(
            now.value - before.value,
            newcombe(now.count, now.exposure, before.count, before.exposure),
        ),
    )
    cost = impact(one.excess, compared(context, scope, start, EXCESS), "MRR lost beyond it")
    return main, cost


def _drivers(context: Context, losses: Losses, one: Stretch) -> tuple[Driver, ...]:
    """Reasons, then tenure bands, each by what it has beyond the usual."""
    back = int(context.thresholds["baseline_months"])
    bands = [
        (f"Tenure {name}", excess, lost)
        for name, excess, lost in losses.excess_by(one, "tenure_band", back)
    ]
    return tuple(
        Driver(name, float(lost), "count", share=lost / one.now.count if one.now.count else None)
        for name, excess, lost in [*losses.excess_by(one, "churn_reason", back), *bands]
        if excess > 0
    )


def _reason_words(context: Context, main: Reason) -> str:
    share = context.words(main.share, "ratio")
    return f"Most often named: {main.name}, {share} of {context.words(main.of, 'count')} losses."
