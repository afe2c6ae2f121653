"""Whether the pipeline due this quarter still reaches the target."""

import math
from datetime import timedelta
from typing import Any

from revops.insights.context import MONTH_DAYS, Context
from revops.insights.finding import finding, impact, known, no_data
from revops.insights.model import Category, Driver, Effect, Evidence, Insight, Status
from revops.statements import naming

CATEGORY: Category = "pipeline"

ALL = "all"
# What the pipeline due then and now came to: deals × size × share due in time × win rate.
FACTORS = """with quarter as (
    select
        targets.period_start,
        targets.period_end,
        cast(targets.target_value as double) as target
    from staging.targets as targets
    where
        targets.metric = 'won_amount'
        and targets.segment = $segment
        and targets.owner = 'all'
        and targets.period_start <= $day
        and targets.period_end > $day
),

days as (
    select
        cast($day as date) - to_months(12 * years.years) as day,
        quarter.period_end - to_months(12 * years.years) as due_before,
        years.years
    from quarter
    cross join (values (0), (1)) as years (years)
),

stocks as (
    select
        days.years,
        count(*) as open_deals,
        avg(cast(states.amount as double)) as mean_amount,
        sum(cast(states.amount as double)) filter (states.expected_close < days.due_before)
            / nullif(sum(cast(states.amount as double)), 0) as due_share
    from days
    cross join reports.ledger_coverage() as coverage
    inner join marts.deal_states as states
        on states.valid_from <= days.day and states.valid_to > days.day
    where
        states.status = 'open'
        and days.day >= coverage.first_date
        and ($segment = 'all' or states.segment = $segment)
    group by days.years
),

rates as (
    select
        days.years,
        sum(cast(deals.amount as double)) filter (deals.is_won)
            / nullif(sum(cast(deals.decided_amount as double)), 0) as win_rate
    from days
    inner join marts.deals as deals
        on deals.close_date <= days.day
        and deals.close_date > days.day - interval 365 day
    where deals.is_decided and ($segment = 'all' or deals.segment = $segment)
    group by days.years
),

won as (
    select coalesce(sum(cast(deals.amount as double)), 0) as amount
    from marts.deals as deals
    cross join quarter
    where
        deals.is_won
        and deals.close_date >= quarter.period_start
        and deals.close_date <= $day
        and ($segment = 'all' or deals.segment = $segment)
)

"""
PARTS = """select
    stocks.years,
    stocks.open_deals,
    stocks.mean_amount,
    stocks.due_share,
    rates.win_rate,
    quarter.target - won.amount as remaining,
    date_diff('day', $day, quarter.period_end) - 1 as days_left
from stocks
inner join rates on stocks.years = rates.years
cross join quarter
cross join won
order by stocks.years"""
EXPECTED = """select
    stocks.open_deals * stocks.mean_amount * stocks.due_share * rates.win_rate as value,
    quarter.target - won.amount as baseline,
    stocks.open_deals as n
from stocks
inner join rates on stocks.years = rates.years
cross join quarter
cross join won
where stocks.years = 0"""
SHORT = """select
    (quarter.target - won.amount
        - stocks.open_deals * stocks.mean_amount * stocks.due_share * rates.win_rate)
    * $month_days / greatest(date_diff('day', $day, quarter.period_end), $month_days) as value
from stocks
inner join rates on stocks.years = rates.years
cross join quarter
cross join won
where stocks.years = 0"""


def coverage_gap(context: Context) -> Insight:
    """Does the pipeline due this quarter, at the usual win rate, still reach the target?

    Why: a coverage of three says nothing where one deal in five is won; and whether it takes
    more deals, larger ones, earlier ones or a better win rate is somebody else's work each time.
    Do: work on the factor that fell most against a year ago: volume, size, timing or win rate.
    """
    day = min(context.filters.last_day or context.as_of, context.as_of)
    segments = context.filters.segments or (ALL,)
    params = {"day": day, "segment": segments[0], "month_days": MONTH_DAYS}
    rows = context.rows(naming(FACTORS + PARTS, params)) if len(segments) == 1 else []
    now = _factors(rows[0]) if rows and rows[0]["years"] == 0 else None
    then = _factors(rows[1]) if len(rows) > 1 else None
    if now is None or then is None or rows[0]["remaining"] <= 0:
        return no_data(
            coverage_gap,
            "There is no won_amount target for the quarter that runs, it is met already, or the "
            "pipeline of a year ago is not known.",
        )
    remaining, expected = rows[0]["remaining"], math.prod(now.values())
    short = remaining - expected
    status = _status(context, expected / remaining, rows[0]["days_left"])
    due, still = context.words(expected, "money"), context.words(remaining, "money")
    main = Evidence(
        metric="expected_from_due",
        label="Expected from the pipeline due",
        value=expected,
        unit="money",
        sql=naming(FACTORS + EXPECTED, params).literal(),
        baseline=remaining,
        baseline_label="still to be won",
        n=int(rows[0]["open_deals"]),
        effect=Effect(expected / remaining - 1, is_relative=True),
    )
    months = max(rows[0]["days_left"] + 1, MONTH_DAYS) / MONTH_DAYS
    cost = [impact(short / months, naming(FACTORS + SHORT, params), "Short by")]
    return finding(
        coverage_gap,
        status,
        f"The pipeline due this quarter is worth {due} at the usual win rate; {still} are still "
        "to be won.",
        (main, *(cost if short > 0 else [])),
        drivers=_drivers(now, then),
        scope=context.filters.with_window(None, day + timedelta(days=1)),
    )


def _factors(row: dict[str, Any]) -> dict[str, float] | None:
    names = ("open_deals", "mean_amount", "due_share", "win_rate")
    values = known(row, *names)
    if values is None or min(values) <= 0:
        return None
    return dict(zip(("Volume", "Size", "Timing", "Win rate"), values, strict=True))


def _drivers(now: dict[str, float], then: dict[str, float]) -> tuple[Driver, ...]:
    """Each factor against a year ago; logarithms add up without a remainder."""
    parts = {name: math.log(now[name] / then[name]) for name in now}
    whole = sum(parts.values())
    return tuple(
        Driver(name, math.expm1(part), "growth", share=part / whole if whole else None)
        for name, part in sorted(parts.items(), key=lambda pair: pair[1])
    )


def _status(context: Context, share: float, days_left: int) -> Status:
    """Early in a quarter much of what it will win is not even created yet."""
    limits = context.thresholds
    is_late = days_left <= limits["days_before_the_end"]
    # a target may have been out of reach from the start: worth a talk, and no alarm
    return "watch" if is_late and share < limits["watch_share"] else "good"
