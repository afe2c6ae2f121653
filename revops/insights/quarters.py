"""Won and closed deals of the segments in the last two complete fiscal quarters."""

from dataclasses import dataclass
from datetime import date, timedelta

from revops.insights.context import MONTH_DAYS, Context
from revops.statements import Statement, naming

QUARTERS = """select periods.period_start as since, periods.period_end as until
from intermediate.periods as periods
where periods.grain = 'quarter' and periods.period_end <= $after
group by all
order by periods.period_start desc
limit 2"""

COLUMNS = {
    "segments": "deals.segment",
    "channels": "deals.channel",
    "regions": "deals.region",
    "owners": "deals.owner",
}
SEGMENTS = """with segments as (
    select
        deals.segment,
        count(*) filter (deals.close_date >= $since) as closed,
        count(*) filter (deals.is_won and deals.close_date >= $since) as won,
        count(*) filter (deals.close_date < $since) as closed_before,
        count(*) filter (deals.is_won and deals.close_date < $since) as won_before,
        avg(cast(deals.amount as double)) filter (deals.is_won) as mean_won
    from marts.deals as deals
    where deals.is_decided
        and deals.close_date >= $baseline_since and deals.close_date < $until{conditions}
    group by deals.segment
),

shares as (
    select
        segments.*,
        closed / sum(closed) over () as share,
        closed_before / sum(closed_before) over () as share_before,
        won / nullif(closed, 0) as rate,
        won_before / nullif(closed_before, 0) as rate_before,
        sum(won) over () / sum(closed) over () as total,
        sum(won_before) over () / sum(closed_before) over () as total_before
    from segments
)
"""
EACH = "select * from shares order by segment"
MIX = """select
    sum((share - share_before)
        * ((rate + rate_before) / 2 - (total + total_before) / 2)) as value,
    cast(sum(closed) as bigint) as n
from shares"""
RATE = "select sum((rate - rate_before) * (share + share_before) / 2) as value from shares"
TOTAL = """select any_value(total) as value, any_value(total_before) as baseline,
    cast(sum(closed) as bigint) as n
from shares"""
LOST = """select sum((rate_before - rate) * closed * mean_won)
    * $month_days / date_diff('day', $since, $until) as value
from shares"""


@dataclass(frozen=True)
class Quarters:
    """The last complete fiscal quarter, and the one before it."""

    baseline_since: date
    since: date
    until: date

    @property
    def months(self) -> float:
        """Length of the quarter."""
        return (self.until - self.since).days / MONTH_DAYS


def last_two(context: Context) -> Quarters | None:
    """None when fewer are complete before the filters' end."""
    after = context.as_of + timedelta(days=1)
    after = min(context.filters.until or after, after)
    found = context.rows(Statement(QUARTERS, {"after": after}))
    if len(found) < 2:
        return None
    last, before = found
    return Quarters(before["since"], last["since"], last["until"])


def by_segment(context: Context, quarters: Quarters, question: str) -> Statement:
    """A question about the segments of these quarters."""
    kept = context.kept(context.filters.with_window(None, None), COLUMNS)
    return naming(
        SEGMENTS.format(conditions=kept.text) + question,
        {**kept.params, **vars(quarters), "month_days": MONTH_DAYS},
    )
