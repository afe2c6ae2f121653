"""What channels return on their spend."""

import math
from dataclasses import dataclass

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.intervals import discoveries, normal, p_of
from revops.insights.model import Driver, Evidence, Insight, Status
from revops.statements import Statement

# Sum of squared amounts: the variance of a sum of randomly many deals (compound Poisson).
SPREAD = """with spread as (
    select
        deals.channel,
        sum(pow(cast(deals.amount as double), 2)) as squares,
        avg(cast(deals.amount as double)) as mean_amount
    from marts.deals as deals
    where deals.is_won{conditions}
    group by deals.channel
)
select
    channels.slice as channel,
    cast(channels.linked_spend as double) as spend,
    cast(channels.linked_won_amount as double) as won_amount,
    channels.linked_won_deals as won,
    channels.roi,
    spread.squares,
    (select max(spread.mean_amount) from spread) as largest_mean_amount
from ({channels}) as channels
left join spread on spread.channel = channels.slice
order by channels.slice"""

CONDITIONS = {
    "since": "deals.close_date >= $since",
    "until": "deals.close_date < $until",
    "segments": "list_contains($segments, deals.segment)",
    "channels": "list_contains($channels, deals.channel)",
}
COLUMNS = "slice, linked_spend, linked_won_amount, linked_won_deals, roi"


@dataclass(frozen=True)
class Return:
    """A channel's return over a window; `error` is the standard error of `roi`."""

    channel: str
    spend: float
    won_amount: float
    won: int
    roi: float
    error: float


def top_channel(context: Context) -> Insight:
    """Which channel returns the most on its spend, and is it more than chance?

    Why: the channel with the highest spend is rarely the one with the highest return;
    money moved towards the better return earns more from the same budget.
    Do: raise this channel's budget in steps and watch that its return holds; returns fall
    as a channel fills up.
    """
    window = context.window()
    ranked = [
        one for one in _returns(context, window) if one.won >= context.thresholds["minimum_won"]
    ]
    if len(ranked) < 2:
        least = context.words(context.thresholds["minimum_won"], "count")
        return no_data(top_channel, f"Fewer than two channels have {least} won deals to rank.")
    best = max(ranked, key=lambda one: one.roi)
    others = _together([one for one in ranked if one is not best])
    p_value = p_of(best.roi - others.roi, math.hypot(best.error, others.error))
    p_value = min(1.0, p_value * len(ranked))
    evidence = _evidence(context, window, best, others.roi, "the other channels together", p_value)
    stands_out = p_value <= context.thresholds["largest_p"]
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


def low_return(context: Context) -> Insight:
    """Does a channel return less than it costs?

    Why: deals won through the channel do not pay for its spend, even before salaries.
    Do: check that its deals carry the source, then cap its spend or change its offer; keep
    it only for a purpose that deals do not show.
    """
    limits, window = context.thresholds, context.window()
    found = _returns(context, window)
    spent = sum(one.spend for one in found)
    tested = [one for one in found if one.spend >= limits["minimum_spend_share"] * spent > 0]
    if not tested:
        return no_data(low_return, "No channel has spend and linked deals in this window.")
    floor = limits["floor"]
    p_values = [p_of(one.roi - floor, one.error) for one in tested]
    proven = discoveries(p_values, limits["false_discovery_share"])
    below = [
        (one, p_value, sure)
        for one, p_value, sure in zip(tested, p_values, proven, strict=True)
        if one.roi < floor and (sure or p_value <= limits["watch_p"])
    ]
    one, p_value, sure = min(
        below or zip(tested, p_values, proven, strict=True),
        key=lambda case: (not case[2] if below else False, case[0].roi),
    )
    evidence = _evidence(context, window, one, floor, "the floor", p_value)
    spend = Evidence(
        metric="linked_spend",
        label=f"Spend of {one.channel}",
        value=one.spend,
        unit="money",
        sql=_channel(context, window, "linked_spend as value", one.channel).literal(),
    )
    cost, back = context.words(one.spend, "money"), context.words(one.roi, "ratio")
    said = (
        f"{one.channel} costs more than it brings: a return of {back} on {cost}."
        if below
        else f"Every channel earns its spend back; {one.channel} returns the least, {back} "
        f"on {cost}."
        if one.roi >= floor
        else f"No channel is shown to cost more than it brings; {one.channel} returns the "
        f"least, {back} on {cost}."
    )
    status: Status = "good" if not below else "alert" if sure else "watch"
    return finding(
        low_return,
        status,
        said,
        (evidence, spend),
        drivers=_drivers(tested),
        scope=context.scope(window, channels=one.channel),
    )


def _returns(context: Context, window: Filters) -> list[Return]:
    """Channels whose return is known; those without any linked deal are not."""
    channels = context.metric(COLUMNS, "marketing", window, by="channel")
    conditions = [text for name, text in CONDITIONS.items() if name in channels.params]
    text = SPREAD.format(
        conditions="".join(f"\n        and {one}" for one in conditions), channels=channels.text
    )
    return [
        Return(
            channel=row["channel"],
            spend=row["spend"],
            won_amount=row["won_amount"],
            won=row["won"] or 0,
            roi=float(row["roi"]),
            # Few or no wins still leave room for one: never surer than one more deal.
            error=math.sqrt(max(row["squares"] or 0.0, (row["largest_mean_amount"] or 0.0) ** 2))
            / row["spend"],
        )
        for row in context.rows(Statement(text, channels.params))
        if row["roi"] is not None and row["largest_mean_amount"]
    ]


def _together(returns: list[Return]) -> Return:
    spend = sum(one.spend for one in returns)
    won_amount = sum(one.won_amount for one in returns)
    error = math.hypot(*(one.error * one.spend for one in returns)) / spend
    won = sum(one.won for one in returns)
    return Return("others", spend, won_amount, won, (won_amount - spend) / spend, error)


def _evidence(
    context: Context, window: Filters, one: Return, baseline: float, label: str, p_value: float
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
        p_value=p_value,
    )


def _channel(context: Context, window: Filters, columns: str, channel: str) -> Statement:
    return context.metric(columns, "marketing", window, by="channel", member=channel)


def _drivers(returns: list[Return]) -> tuple[Driver, ...]:
    spent = sum(one.spend for one in returns)
    return tuple(
        Driver(one.channel, one.roi, "ratio", share=one.spend / spent)
        for one in sorted(returns, key=lambda one: -one.roi)
    )
