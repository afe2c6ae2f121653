"""What each channel returned on its spend, and how sure that number is."""

import math
from dataclasses import dataclass

from revops.filters import Filters
from revops.insights.context import Context
from revops.statements import Statement

# Sum of squared amounts: the variance of a sum of randomly many deals (compound Poisson).
SPREAD = """with spread as (
    select
        deals.channel,
        sum(pow(cast(deals.amount as double), 2)) as squares,
        sum(cast(deals.amount as double)) as amount,
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
    (select max(spread.mean_amount) from spread) as largest_mean_amount,
    (select sum(spread.squares) / sum(spread.amount) from spread) as amount_per_amount
from ({channels}) as channels
left join spread on spread.channel = channels.slice
order by channels.slice"""

CONDITIONS = {
    "since": "deals.close_date >= $since",
    "until": "deals.close_date < $until",
    "segments": "list_contains($segments, deals.segment)",
    "channels": "list_contains($channels, deals.channel)",
    "regions": "list_contains($regions, deals.region)",
}
COLUMNS = "slice, linked_spend, linked_won_amount, linked_won_deals, roi"


@dataclass(frozen=True)
class Return:
    """A channel's return over a window; `error` is the standard error of `roi`.

    `steady_error` is the same as if the channel had just returned its spend, in deals like
    those of all channels: large deals that have not come are missing from `error` too.
    """

    channel: str
    spend: float
    won_amount: float
    won: int
    roi: float
    error: float
    steady_error: float


def channel_returns(context: Context, window: Filters) -> list[Return]:
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
            steady_error=math.sqrt(row["amount_per_amount"] / row["spend"]),
        )
        for row in context.rows(Statement(text, channels.params))
        if row["roi"] is not None and row["largest_mean_amount"]
    ]


def together(returns: list[Return]) -> Return:
    """Several channels as one."""
    spend = sum(one.spend for one in returns)
    won_amount = sum(one.won_amount for one in returns)
    error = math.hypot(*(one.error * one.spend for one in returns)) / spend
    won = sum(one.won for one in returns)
    roi = (won_amount - spend) / spend
    return Return("others", spend, won_amount, won, roi, error, error)
