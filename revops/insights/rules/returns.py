"""What channels return on their spend."""

import math

from revops.filters import Filters
from revops.insights.channel_returns import Return, channel_returns, together
from revops.insights.context import Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import for_the_worse, normal, p_of
from revops.insights.model import STATUSES, Category, Driver, Effect, Evidence, Status
from revops.insights.question import PValues, Tested
from revops.statements import Statement

CATEGORY: Category = "marketing"


def top_channel(context: Context) -> Tested:
    """Which channel returns the most on its spend, and is it more than chance?

    Why: the channel with the highest spend is rarely the one with the highest return;
    money moved towards the better return earns more from the same budget.
    Do: raise this channel's budget in steps and watch that its return holds; returns fall
    as a channel fills up.
    """
    window, least = context.window(), context.thresholds["minimum_won"]
    ranked = [one for one in channel_returns(context, window) if one.won >= least]
    if len(ranked) < 2:
        enough = context.words(least, "count")
        return no_data(top_channel, f"Fewer than two channels have {enough} won deals to rank.")
    best = max(ranked, key=lambda one: one.roi)
    others = together([one for one in ranked if one is not best])
    p_value = p_of(best.roi - others.roi, math.hypot(best.error, others.error))
    p_value = min(1.0, p_value * len(ranked))
    (adjusted,) = yield [p_value]
    evidence = _evidence(
        context, window, best, others.roi, "the other channels together", (p_value, adjusted)
    )
    stands_out = adjusted is not None and adjusted <= context.thresholds["alert_q"]
    now, rest = context.words(best.roi, "ratio"), context.words(others.roi, "ratio")
    said = (
        f"{best.channel} returns the most: {now} on its spend, the other channels together {rest}."
        if stands_out
        else f"No channel's return stands out: {best.channel} leads with {now}, the others "
        f"together return {rest}, and chance explains the difference."
    )
    return finding(
        top_channel,
        "good",
        said,
        (evidence,),
        severity="low" if stands_out else "none",
        drivers=_drivers(ranked),
        scope=context.scope(window, channels=best.channel),
    )


def low_return(context: Context) -> Tested:
    """Does a channel return less than it costs?

    Why: deals won through the channel do not pay for its spend, even before salaries.
    Do: check that its deals carry the source, then cap its spend or change its offer; keep
    it only for a purpose that deals do not show.
    """
    limits, window = context.thresholds, context.window()
    found = channel_returns(context, window)
    spent = sum(one.spend for one in found)
    tested = [
        one
        for one in found
        if one.spend >= limits["minimum_spend_share"] * spent > 0
        and one.won >= limits["minimum_won"]
    ]
    if not tested:
        least = context.words(limits["minimum_won"], "count")
        return no_data(low_return, f"No channel has spend and {least} won deals in this window.")
    p_values = [
        for_the_worse(
            p_of(one.roi - limits["floor"], max(one.error, one.steady_error)),
            one.roi < limits["floor"],
        )
        for one in tested
    ]
    adjusted = yield p_values
    judged = sorted(
        (STATUSES.index(_judge(context, window, one, p_value)), one.roi, place)
        for place, (one, p_value) in enumerate(zip(tested, adjusted, strict=True))
    )
    worst, _, place = judged[0]
    status, one = STATUSES[worst], tested[place]
    evidence = (
        _evidence(
            context, window, one, limits["floor"], "the floor", (p_values[place], adjusted[place])
        ),
        Evidence(
            metric="linked_spend",
            label=f"Spend of {one.channel}",
            value=one.spend,
            unit="money",
            sql=_channel(context, window, "linked_spend as value", one.channel).literal(),
        ),
        *_impact(context, window, one),
    )
    return finding(
        low_return,
        status,
        _low_words(context, one, status),
        evidence,
        drivers=_drivers(tested),
        scope=context.scope(window, channels=one.channel),
    )


def _judge(context: Context, window: Filters, one: Return, p_value: float | None) -> Status:
    """Below the floor for certain, below it perhaps, or not shown to be."""
    if one.roi >= context.thresholds["floor"]:
        return "good"
    months = context.months(window)
    status = context.status(p_value, (one.spend - one.won_amount) / months if months else None)
    return "watch" if status == "alert" and not _was_no_better(context, window, one) else status


def _was_no_better(context: Context, window: Filters, one: Return) -> bool:
    """Whether the year before lost money too, or is not known.

    A few large deals carry a year's return: one without them is no habit yet.
    """
    limits = context.thresholds
    before = context.before(window, limits["window_days"])
    past = channel_returns(context, before) if before else []
    earlier = next((each for each in past if each.channel == one.channel), None)
    if earlier is None or earlier.won < limits["minimum_won"]:
        return True
    gap = earlier.roi - limits["floor"]
    return gap < 0 and p_of(gap, earlier.error) <= limits["before_p"]


def _impact(context: Context, window: Filters, one: Return) -> tuple[Evidence, ...]:
    """What was spent beyond what came back, where anything was."""
    months, lost = context.months(window), one.spend - one.won_amount
    if months is None or lost <= 0:
        return ()
    columns = f"(linked_spend - linked_won_amount) / {months!r} as value"
    asked = _channel(context, window, columns, one.channel)
    return (impact(lost / months, asked, "Spent beyond what came back"),)


def _low_words(context: Context, one: Return, status: Status) -> str:
    cost, back = context.words(one.spend, "money"), context.words(one.roi, "ratio")
    if status != "good":
        return f"{one.channel} costs more than it brings: a return of {back} on {cost}."
    least = f"{one.channel} returns the least, {back} on {cost}."
    if one.roi >= context.thresholds["floor"]:
        return f"Every channel earns its spend back; {least}"
    return f"No channel is shown to cost more than it brings; {least}"


def _evidence(
    context: Context, window: Filters, one: Return, baseline: float, label: str, p: PValues
) -> Evidence:
    return Evidence(
        metric="roi",
        label=f"Return of {one.channel}",
        value=one.roi,
        unit="ratio",
        sql=_channel(context, window, "roi as value, linked_won_deals as n", one.channel).literal(),
        baseline=baseline,
        baseline_label=label,
        n=one.won,
        interval=normal(one.roi, one.error),
        p_value=p[0],
        adjusted_p=p[1],
        effect=Effect(one.roi - baseline),
    )


def _channel(context: Context, window: Filters, columns: str, channel: str) -> Statement:
    return context.metric(columns, "marketing", window, by="channel", member=channel)


def _drivers(returns: list[Return]) -> tuple[Driver, ...]:
    spent = sum(one.spend for one in returns)
    return tuple(
        Driver(one.channel, one.roi, "ratio", share=one.spend / spent)
        for one in sorted(returns, key=lambda one: -one.roi)
    )
