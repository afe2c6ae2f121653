"""What leads cost by channel and segment, week by week, and stretches of weeks compared."""

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean, stdev

from revops.insights.context import Context
from revops.insights.counts import Rate, dispersion, p_rates
from revops.insights.intervals import for_the_worse, p_of_t
from revops.statements import Statement

WEEKS = """select
    daily.channel,
    daily.segment,
    (date_diff('day', daily.date, $last_day) // 7) as weeks_ago,
    cast(sum(daily.spend) as double) as spend,
    cast(sum(daily.clicks) as bigint) as clicks,
    cast(sum(daily.leads) as bigint) as leads
from marts.marketing_daily as daily
where daily.date <= $last_day{conditions}
group by all
order by all"""

COLUMNS = {"segments": "daily.segment", "channels": "daily.channel", "regions": "daily.region"}

# Both stretches in one pass, so that one statement proves what was compared with what.
COMPARED = """with compared as (
    select
        cast(sum(daily.spend) filter (daily.date >= $since) as double) as spend,
        cast(sum(daily.leads) filter (daily.date >= $since) as bigint) as leads,
        cast(sum(daily.spend) filter (daily.date < $since) as double)
            / sum(daily.leads) filter (daily.date < $since) as cost_before
    from marts.marketing_daily as daily
    where daily.date >= $baseline_since and daily.date < $until{conditions}
)
select {value}
from compared"""
COST = """spend / leads as value,
    cost_before as baseline,
    spend / leads / cost_before - 1 as effect,
    leads as n"""
EXCESS = "(spend - leads * cost_before) * $month_days / date_diff('day', $since, $until) as value"


@dataclass(frozen=True)
class Week:
    """One week, or several together, of a channel in a segment."""

    spend: float = 0.0
    clicks: int = 0
    leads: int = 0

    @property
    def rate(self) -> Rate:
        """Leads per unit of spend."""
        return Rate(self.leads, self.spend)

    @property
    def price(self) -> float | None:
        """What a click costs."""
        return self.spend / self.clicks if self.clicks and self.spend else None


Weeks = dict[int, Week]


@dataclass(frozen=True)
class Cost:
    """What leads of a channel in a segment cost in a stretch of weeks, and before it.

    `spread` is how much unsteadier than Poisson the leads are; `p_value` counts every
    stretch that was looked at.
    """

    channel: str
    segment: str
    weeks_ago: int
    now: Week
    before: Week
    spread: float
    p_value: float
    is_seasonal: bool

    @property
    def rise(self) -> float:
        """How much more a lead costs, relative to before."""
        return self.before.rate.value / self.now.rate.value - 1

    @property
    def price_rise(self) -> float | None:
        """How much more a click costs, relative to before."""
        return _rise(self.now.price, self.before.price)

    @property
    def excess(self) -> float:
        """Spend beyond what these leads would have cost before."""
        return self.now.spend - self.now.leads / self.before.rate.value


def lead_costs(context: Context, last_day: date) -> list[Cost]:
    """Each channel and segment with enough leads, in its dearest stretch of late."""
    asked = context.kept(context.filters, COLUMNS)
    text = WEEKS.format(conditions=asked.text)
    series: dict[tuple[str, str], Weeks] = defaultdict(dict)
    for row in context.rows(Statement(text, {**asked.params, "last_day": last_day})):
        week = Week(row["spend"] or 0.0, row["clicks"] or 0, row["leads"] or 0)
        series[row["channel"], row["segment"]][row["weeks_ago"]] = week
    # dates of the reader's own choice are taken as they are
    has_dates = bool(context.filters.since or context.filters.until)
    starts = 1 if has_dates else int(context.thresholds["windows_looked_at"])
    found = []
    for (channel, segment), weeks in series.items():
        tried = [_cost(context, channel, segment, weeks, ago) for ago in range(starts)]
        known = [cost for cost in tried if cost]
        if known:
            # several stretches were looked at: the best is that much less surprising
            best = min(known, key=lambda cost: cost.p_value)
            p_value = min(1.0, best.p_value * len(known))
            found.append(replace(best, p_value=p_value))
    return found


def _cost(context: Context, channel: str, segment: str, weeks: Weeks, ago: int) -> Cost | None:
    limits = context.thresholds
    length, back = int(limits["window_weeks"]), int(limits["baseline_weeks"])
    recent, past = _stretch(weeks, ago, length), _stretch(weeks, ago + length, back)
    now, before = _sum(recent), _sum(past)
    if now.leads < limits["minimum_leads"] or before.leads < now.leads:
        return None
    spread = dispersion([week.rate for week in past])
    both = p_rates(now.rate, before.rate, spread)
    if both is None:
        return None
    p_value = for_the_worse(both, before.rate.value > now.rate.value)
    cost = Cost(channel, segment, ago, now, before, spread, p_value, False)
    p_price = _p_of_price(recent, past)
    if p_price is not None and (cost.price_rise or 0.0) >= limits["minimum_rise"]:
        # prices are steadier than leads: a dearer click shows long before a dearer lead
        p_value = min(1.0, 2 * min(p_value, p_price / 2))
    earlier = _sum(_stretch(weeks, ago + 52, length))
    is_known = earlier.leads >= limits["minimum_leads"] and earlier.spend > 0
    is_seasonal = is_known and _returns(cost, earlier)
    return replace(cost, p_value=p_value, is_seasonal=is_seasonal)


def _p_of_price(recent: list[Week], past: list[Week]) -> float | None:
    """t test of the weekly price of a click, on logarithms; None when it is not known."""
    now = [math.log(week.price) for week in recent if week.price]
    before = [math.log(week.price) for week in past if week.price]
    if not now or len(before) < 8:
        return None
    error = stdev(before) * math.sqrt(1 / len(now) + 1 / len(before))
    return p_of_t(fmean(now) - fmean(before), error, len(before) - 1)


def _returns(cost: Cost, earlier: Week) -> bool:
    """Whether the same weeks of the year before were nearly as dear: what returns is not news."""
    over_the_year = _rise(cost.now.price, earlier.price)
    if over_the_year is not None and (cost.price_rise or 0.0) > cost.rise / 2:
        return over_the_year < (cost.price_rise or 0.0) / 2
    return earlier.rate.value / cost.now.rate.value - 1 < cost.rise / 2


def _rise(now: float | None, before: float | None) -> float | None:
    return now / before - 1 if now and before else None


def _stretch(weeks: Weeks, start: int, length: int) -> list[Week]:
    return [weeks[week] for week in range(start, start + length) if week in weeks]


def _sum(weeks: list[Week]) -> Week:
    return Week(
        sum(week.spend for week in weeks),
        sum(week.clicks for week in weeks),
        sum(week.leads for week in weeks),
    )
