"""Where open deals stand still, and which of them were promised again and again."""

from datetime import timedelta

from revops.insights.comparison import Case, Comparison, Row, drivers, judge
from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.intervals import for_the_worse, newcombe, p_two_shares, wilson
from revops.insights.model import Category, Effect
from revops.insights.question import Tested
from revops.periods import add_months
from revops.statements import Statement

CATEGORY: Category = "pipeline"

COLUMNS = {
    "segments": "states.segment",
    "channels": "states.channel",
    "regions": "states.region",
    "owners": "states.owner",
}
# Month ends only, then and now: a ledger that is kept more often of late must not look slower.
STAYS = """with month_ends as (
    select unnest(generate_series(0, $months - 1)) as back
),

days as (
    select
        years.years,
        cast($last_start as date) - to_months(cast(month_ends.back + 12 * years.years as integer))
            - interval 1 day as day,
        cast($last_start as date)
            - to_months(cast(month_ends.back + 12 * years.years - 1 as integer))
            - interval 1 day as next_day
    from month_ends
    cross join (values (0), (1)) as years (years)
),

stood as (
    select
        states.stage,
        days.years,
        cast(coalesce(states.amount, 0) as double) as amount,
        coalesce(later.status = 'open' and later.stage = states.stage, false) as is_there
    from days
    cross join reports.ledger_coverage() as coverage
    inner join marts.deal_states as states
        on states.valid_from <= days.day and states.valid_to > days.day
    left join marts.deal_states as later
        on
            states.deal_id = later.deal_id
            and later.valid_from <= days.next_day
            and later.valid_to > days.next_day
    where states.status = 'open' and days.day >= coverage.first_date{conditions}
)

select
    stood.stage as name,
    avg(cast(stood.is_there as integer)) filter (stood.years = 0) as value,
    avg(cast(stood.is_there as integer)) filter (stood.years = 1) as baseline,
    count(*) filter (stood.years = 0) as n,
    count(*) filter (stood.years = 1) as n_before,
    (value - baseline) * sum(stood.amount) filter (stood.years = 0) / $months as impact
from stood
group by stood.stage
order by name"""
PUSHED = """with days as (
    select
        cast($day as date) - to_months(12 * years.years) as day,
        years.years
    from (values (0), (1)) as years (years)
),

counted as (
    select
        days.years,
        states.deal_id,
        cast(coalesce(any_value(states.amount), 0) as double) as amount,
        count(pushes.pushed_on) as pushes
    from days
    cross join reports.ledger_coverage() as coverage
    inner join marts.deal_states as states
        on states.valid_from <= days.day and states.valid_to > days.day
    left join reports.deal_pushes() as pushes
        on states.deal_id = pushes.deal_id and pushes.pushed_on <= days.day
    where
        states.status = 'open'
        and days.day >= coverage.first_date + interval 180 day{conditions}
    group by days.years, states.deal_id
)

select
    'open deals' as name,
    avg(cast(counted.pushes >= $pushes as integer)) filter (counted.years = 0) as value,
    avg(cast(counted.pushes >= $pushes as integer)) filter (counted.years = 1) as baseline,
    count(*) filter (counted.years = 0) as n,
    count(*) filter (counted.years = 1) as n_before,
    count(*) filter (counted.years = 0 and counted.pushes >= $pushes) as pushed,
    sum(counted.amount) filter (counted.years = 0 and counted.pushes >= $pushes) as amount,
    cast(null as double) as impact
from counted
having n > 0"""


def stage_bottleneck(context: Context) -> Tested:
    """Do deals stay longer in a stage than in the same months a year earlier?

    Why: a stage that holds deals back starves everything after it, and the total cycle shows
    it only when they close. Same months, so that a slow season is not taken for a bottleneck.
    Do: ask what these deals wait for (security review, legal, a champion) and mend that once.
    """
    after = min(context.filters.until or context.as_of, context.as_of) + timedelta(days=1)
    months = int(context.thresholds["months"])
    kept = context.kept(context.filters.with_window(None, None), COLUMNS)
    # from month end to month end: the last one that is complete is where the last step ends
    start = add_months(after.replace(day=1), -1)
    comparison = Comparison(
        Statement(
            STAYS.format(conditions=kept.text),
            {**kept.params, "months": months, "last_start": start},
        ),
        metric="still_there_share",
        label="Deals in {name} still there a month later",
        unit="ratio",
        baseline_label="the same months a year earlier",
        impact_label="Held back beyond it",
    )
    cases = comparison.cases(context, lambda row: _slower(context, row))
    if not cases:
        return no_data(
            stage_bottleneck, "The ledger does not know enough deals in these months of two years."
        )
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    name = worst.case.name
    now, then = (context.words(one, "ratio") for one in (worst.case.value, worst.case.baseline))
    return finding(
        stage_bottleneck,
        worst.status,
        f"Deals are held up in {name}: {now} are still there a month later, {then} in the same "
        "months a year earlier."
        if is_news
        else f"No stage is shown to hold deals up. Nearest is {name}: {now} are still there a "
        f"month later, {then} a year earlier.",
        comparison.evidence(worst),
        drivers=drivers(cases, "points"),
        scope=context.filters.with_window(add_months(start, 1 - months), after),
    )


def serial_pushers(context: Context) -> Tested:
    """Are more of the open deals pushed again and again than a year earlier?

    Why: a close date that was moved three times is a wish; a pipeline full of them looks covered
    and is not.
    Do: give each of these deals a next step with the buyer's own date, or take it out of the
    forecast.
    """
    day = min(context.filters.last_day or context.as_of, context.as_of)
    kept = context.kept(context.filters.with_window(None, None), COLUMNS)
    limits = context.thresholds
    params = {**kept.params, "day": day, "pushes": int(limits["pushes"])}
    comparison = Comparison(
        Statement(PUSHED.format(conditions=kept.text), params),
        metric="pushed_share",
        label="Share of {name} pushed again and again",
        unit="ratio",
        baseline_label="a year earlier",
        impact_label="",
    )
    cases = comparison.cases(context, lambda row: _slower(context, row))
    if not cases:
        return no_data(
            serial_pushers, "The ledger does not know enough open deals now and a year earlier."
        )
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    now, then = (context.words(one, "ratio") for one in (worst.case.value, worst.case.baseline))
    return finding(
        serial_pushers,
        worst.status,
        f"More open deals were pushed again and again: {now}, {then} a year earlier."
        if is_news
        else f"Open deals are not shown to be pushed more: {now} again and again, {then} a year "
        "earlier.",
        comparison.evidence(worst),
        scope=context.filters.with_window(None, day + timedelta(days=1)),
    )


def _slower(context: Context, row: Row) -> Case | None:
    limits, n, before = context.thresholds, row["n"], row["n_before"]
    if min(n, before) < limits["minimum_deals"]:
        return None
    now, then = row["value"] * n, row["baseline"] * before
    # a deal that stands still is counted each month: so many looks are fewer deals
    times = limits["looks_per_deal"]
    both = p_two_shares(now / times, n / times, then / times, before / times)
    return Case(
        row,
        for_the_worse(both, row["value"] > row["baseline"]),
        row["value"] - row["baseline"] >= limits["minimum_gap"],
        wilson(now, n),
        Effect(row["value"] - row["baseline"], newcombe(now, n, then, before)),
    )
