"""Whether the pipeline due this quarter still reaches the target."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

from revops import reports
from revops.insights.context import MONTH_DAYS, Context
from revops.insights.finding import finding, impact, known, no_data
from revops.insights.model import Category, Driver, Effect, Evidence, Insight, Status
from revops.statements import Statement, naming
from revops.targets import EVERYTHING

CATEGORY: Category = "pipeline"

# The card of the Pipeline tab reads the same row: what both say is the same to the cent.
TARGET = """select
    {columns}
{report}
where
    metric = 'won_amount'
    and is_newest
    and period_start <= measured_on
    and coverage is not null
    and coverage_needed is not null"""
MEASURED = """measured_on,
    period_start,
    period_end,
    cast(remaining as double) as remaining,
    cast(open_pipeline_due as double) / coverage_needed as expected,
    due_deals"""
EXPECTED = """cast(open_pipeline_due as double) / coverage_needed as value,
    cast(remaining as double) as baseline,
    due_deals as n"""
SHORT = f"""(cast(remaining as double) - cast(open_pipeline_due as double) / coverage_needed)
    * {MONTH_DAYS} / greatest(date_diff('day', measured_on, period_end), {MONTH_DAYS}) as value"""
# What that consists of, now and a year ago: deals with an amount × size × share due × win rate.
FACTORS = """with days as (
    select
        cast($day as date) - to_months(12 * years.years) as day,
        cast($period_start as date) - to_months(12 * years.years) as due_from,
        cast($period_end as date) - to_months(12 * years.years) as due_before,
        years.years
    from (values (0), (1)) as years (years)
),

stocks as (
    select
        days.years,
        count(states.amount) as open_deals,
        avg(cast(states.amount as double)) as mean_amount,
        sum(cast(states.amount as double)) filter (
            states.expected_close >= days.due_from and states.expected_close < days.due_before
        )
        / nullif(sum(cast(states.amount as double)), 0) as due_share
    from days
    cross join reports.ledger_coverage() as coverage
    inner join marts.deal_states as states
        on states.valid_from <= days.day and states.valid_to > days.day
    where
        states.status = 'open'
        and days.day >= coverage.first_date
        and ($segment = $everything or states.segment = $segment)
        and ($owner = $everything or states.owner = $owner)
    group by days.years
),

rates as (
    select
        days.years,
        sum(cast(facts.decided_won_amount as double))
            / nullif(sum(cast(facts.decided_amount as double)), 0) as win_rate
    from days
    inner join marts.deal_facts as facts
        on facts.event_date <= days.day and facts.event_date > days.day - interval 365 day
    where
        ($segment = $everything or facts.segment = $segment)
        and ($owner = $everything or facts.owner = $owner)
    group by days.years
)

select
    stocks.years,
    stocks.open_deals,
    stocks.mean_amount,
    stocks.due_share,
    rates.win_rate
from stocks
inner join rates on stocks.years = rates.years
order by stocks.years"""


def coverage_gap(context: Context) -> Insight:
    """Does the pipeline due this quarter, at the usual win rate, still reach the target?

    Why: a coverage of three says nothing where one deal in five is won; and whether it takes
    more deals, larger ones, earlier ones or a better win rate is somebody else's work each time.
    Do: work on the factor that fell most against a year ago: volume, size, timing or win rate.
    """
    row = context.row(_asked(context, MEASURED)) if _has_one_target(context) else {}
    now, then = _now_and_then(context, row) if row else (None, None)
    if now is None or then is None:
        return no_data(
            coverage_gap,
            "There is no won_amount target for the quarter that runs, it is met already, or the "
            "usual win rate or the pipeline of a year ago is not known.",
        )
    remaining, expected = row["remaining"], row["expected"]
    short, days_left = remaining - expected, (row["period_end"] - row["measured_on"]).days - 1
    due, still = context.words(expected, "money"), context.words(remaining, "money")
    main = Evidence(
        metric="expected_from_due",
        label="Expected from the pipeline due",
        value=expected,
        unit="money",
        sql=_asked(context, EXPECTED).literal(),
        baseline=remaining,
        baseline_label="still to be won",
        n=int(row["due_deals"]),
        effect=Effect(expected / remaining - 1, is_relative=True),
    )
    months = max(days_left + 1, MONTH_DAYS) / MONTH_DAYS
    cost = [impact(short / months, _asked(context, SHORT), "Short by")]
    return finding(
        coverage_gap,
        _status(context, expected / remaining, days_left),
        f"The pipeline due this quarter is worth {due} at the usual win rate; {still} are still "
        "to be won.",
        (main, *(cost if short > 0 else [])),
        drivers=_drivers(now, then),
        scope=context.filters.with_window(None, row["measured_on"] + timedelta(days=1)),
    )


def _has_one_target(context: Context) -> bool:
    """Targets are for one segment or all, and for one owner or all: two cannot be added up."""
    chosen = (context.filters.segments, context.filters.owners)
    return all(members is None or len(members) == 1 for members in chosen)


def _whose(context: Context) -> tuple[str, str]:
    (segment,) = context.filters.segments or (EVERYTHING,)
    (owner,) = context.filters.owners or (EVERYTHING,)
    return segment, owner


def _asked(context: Context, columns: str) -> Statement:
    """These columns of the target that the Pipeline tab shows for the segment and owner."""
    segment, owner = _whose(context)
    filters = replace(context.filters, segments=(segment,), owners=(owner,))
    report = reports.statement(context.warehouse, "coverage", filters)
    return Statement(TARGET.format(columns=columns, report=report.text), report.params)


def _now_and_then(
    context: Context, row: dict[str, Any]
) -> tuple[dict[str, float] | None, dict[str, float] | None]:
    segment, owner = _whose(context)
    params = {
        "day": row["measured_on"],
        "period_start": row["period_start"],
        "period_end": row["period_end"],
        "segment": segment,
        "owner": owner,
        "everything": EVERYTHING,
    }
    found = {one["years"]: _factors(one) for one in context.rows(naming(FACTORS, params))}
    return found.get(0), found.get(1)


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
