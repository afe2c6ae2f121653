"""Leads and opportunities beside what the benchmarks call usual."""

from revops.insights.comparison import Case, Comparison, Row, drivers, judge
from revops.insights.context import Context
from revops.insights.counts import Rate, ratio_interval
from revops.insights.finding import finding, no_data
from revops.insights.intervals import for_the_worse, log_normal, p_against_share, p_of, wilson
from revops.insights.model import Category, Effect
from revops.insights.question import Tested
from revops.statements import Statement, literal

CATEGORY: Category = "marketing"

COLUMNS = {
    "since": "daily.date",
    "until": "daily.date",
    "segments": "daily.segment",
    "channels": "daily.channel",
    "regions": "daily.region",
}
RANGES = """select
    benchmarks.slice as name,
    benchmarks.category as channel,
    benchmarks.subcategory as segment,
    cast(sum(daily.spend) as double) / nullif(sum(daily.leads), 0) as value,
    benchmarks.max_value as baseline,
    cast(sum(daily.leads) as bigint) as n,
    cast(sum(daily.spend) as double) as spend,
    (cast(sum(daily.spend) as double) - sum(daily.leads) * benchmarks.max_value) / {months}
        as impact
from marts.marketing_daily as daily
inner join marts.benchmarks as benchmarks
    on daily.channel = benchmarks.category and daily.segment = benchmarks.subcategory
where benchmarks.is_usable and benchmarks.metric_type = 'channel_cpl_range'{conditions}
group by benchmarks.slice, benchmarks.category, benchmarks.subcategory, benchmarks.max_value
order by name"""
CONVERSIONS = """select
    daily.channel as name,
    sum(daily.opportunities) / nullif(sum(daily.leads), 0) as value,
    benchmarks.min_value as baseline,
    cast(sum(daily.leads) as bigint) as n,
    cast(sum(daily.opportunities) as bigint) as opportunities,
    cast(sum(daily.spend) as double) / {months} * (
        1 - sum(daily.opportunities) / nullif(sum(daily.leads), 0) / benchmarks.min_value
    ) as impact
from marts.marketing_daily as daily
inner join marts.benchmarks as benchmarks
    on daily.channel = benchmarks.category and benchmarks.subcategory = 'all'
where benchmarks.is_usable
    and benchmarks.metric_type = 'stage_conversion_benchmarks'{conditions}
group by daily.channel, benchmarks.min_value
order by name"""


def cost_per_lead_off_range(context: Context) -> Tested:
    """Does a lead cost more than the range its benchmark calls usual?

    Why: a price that has always been high never shows as a rise; only the range tells.
    Do: compare the channel's offer and audience with those of channels inside their range, or
    correct the benchmark when it speaks of another market.
    """
    window = context.window()
    comparison = Comparison(
        _asked(context, RANGES),
        metric="cpl",
        label="Cost per lead of {name}",
        unit="money",
        baseline_label="the most that is usual",
        impact_label="Spent beyond it",
    )
    cases = comparison.cases(context, lambda row: _dear(context, row))
    if not cases:
        return no_data(
            cost_per_lead_off_range, "No channel and segment has both enough leads and a range."
        )
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    row = worst.case.row
    cost, most = context.words(worst.case.value, "money"), context.words(row["baseline"], "money")
    return finding(
        cost_per_lead_off_range,
        worst.status,
        f"{row['channel']} leads in {row['segment']} cost {cost}; {most} is the most that is usual."
        if is_news
        else f"No lead is shown to cost more than is usual. Nearest to it is {row['channel']} in "
        f"{row['segment']}: {cost}, of {most} at most.",
        comparison.evidence(worst),
        drivers=drivers([case for case in cases if case.is_worse], "money"),
        scope=context.scope(window, channels=row["channel"], segments=row["segment"]),
    )


def conversion_below_benchmark(context: Context) -> Tested:
    """Do fewer of a channel's leads become opportunities than its benchmark calls usual?

    Why: leads that never become opportunities are paid for twice: by ads, and by the people
    who call them. Rates are of the period's counts.
    Do: look at who the leads are and how fast they are called, before buying more of them.
    """
    window = context.window()
    comparison = Comparison(
        _asked(context, CONVERSIONS),
        metric="lead_to_opportunity",
        label="Opportunities per lead of {name}",
        unit="ratio",
        baseline_label="the least that is usual",
        impact_label="Spent on leads that are missing to it",
    )
    cases = comparison.cases(context, lambda row: _thin(context, row))
    if not cases:
        return no_data(
            conversion_below_benchmark, "No channel has both enough leads and a benchmark."
        )
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    name = worst.case.name
    rate = context.words(worst.case.value, "ratio")
    least = context.words(worst.case.baseline, "ratio")
    return finding(
        conversion_below_benchmark,
        worst.status,
        f"Of {name} leads {rate} become opportunities; {least} is the least that is usual."
        if is_news
        else f"No channel's leads are shown to convert less than is usual. Nearest is {name}: "
        f"{rate}, of {least} at least.",
        comparison.evidence(worst),
        drivers=drivers(cases, "points"),
        scope=context.scope(window, channels=name),
    )


def _asked(context: Context, text: str) -> Statement:
    window = context.window()
    kept = context.kept(window, COLUMNS)
    # a window without a start has no months: nothing is priced then
    months = literal(context.months(window))
    return Statement(text.format(conditions=kept.text, months=months), kept.params)


def _dear(context: Context, row: Row) -> Case | None:
    if row["n"] < context.thresholds["minimum_leads"] or row["baseline"] <= 0:
        return None
    leads, usual = row["n"], row["spend"] / row["baseline"]
    interval = ratio_interval(Rate(usual, 1), Rate(leads, 1))
    return Case(
        row,
        for_the_worse(p_of(leads - usual, usual**0.5), row["value"] > row["baseline"]),
        row["value"] > row["baseline"],
        log_normal(row["value"], leads**-0.5),
        Effect(row["value"] / row["baseline"] - 1, interval and interval.shifted(-1), True),
    )


def _thin(context: Context, row: Row) -> Case | None:
    if row["n"] < context.thresholds["minimum_leads"]:
        return None
    return Case(
        row,
        for_the_worse(
            p_against_share(row["opportunities"], row["n"], row["baseline"]),
            row["value"] < row["baseline"],
        ),
        row["value"] < row["baseline"],
        wilson(row["opportunities"], row["n"]),
    )
