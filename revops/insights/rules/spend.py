"""Whether more money still buys more, and whether any of it buys nothing."""

import math

from revops.filters import Filters
from revops.insights.comparison import Case, Comparison, Row, drivers, judge
from revops.insights.context import Context
from revops.insights.counts import Rate, p_rates, ratio_interval
from revops.insights.finding import finding, no_data
from revops.insights.intervals import for_the_worse, log_normal
from revops.insights.model import Category, Effect
from revops.insights.question import Tested
from revops.periods import Window, same_period_last_year
from revops.statements import Statement, literal

CATEGORY: Category = "marketing"

COLUMNS = {"segments": "daily.segment", "channels": "daily.channel", "regions": "daily.region"}
MARGINS = """select
    sums.name,
    (sums.spend - sums.spend_before) / nullif(sums.leads - sums.leads_before, 0) as marginal,
    sums.spend / nullif(sums.leads, 0) as value,
    sums.spend_before / nullif(sums.leads_before, 0) as baseline,
    sums.leads as n,
    sums.spend,
    sums.leads,
    sums.spend_before,
    sums.leads_before,
    (sums.spend - sums.leads * sums.spend_before / nullif(sums.leads_before, 0)) / {months}
        as impact
from (
    select
        daily.channel as name,
        cast(sum(daily.spend) filter (daily.date >= $since) as double) as spend,
        cast(sum(daily.leads) filter (daily.date >= $since) as bigint) as leads,
        cast(sum(daily.spend) filter (daily.date < $earlier_until) as double) as spend_before,
        cast(sum(daily.leads) filter (daily.date < $earlier_until) as bigint) as leads_before
    from marts.marketing_daily as daily
    where daily.date >= $earlier_since and daily.date < $until{conditions}
    group by daily.channel
) as sums
order by sums.name"""
CAMPAIGNS = """select
    sums.name,
    sums.channel,
    sums.campaign,
    sums.opportunities as value,
    sums.spend * sum(sums.opportunities) over channel / nullif(sum(sums.spend) over channel, 0)
        as baseline,
    sums.opportunities as n,
    sums.spend / {months} as impact
from (
    select
        daily.channel || ' / ' || daily.campaign as name,
        daily.channel,
        daily.campaign,
        cast(sum(daily.spend) as double) as spend,
        cast(sum(daily.opportunities) as bigint) as opportunities
    from marts.marketing_campaign_daily as daily
    where daily.campaign <> 'unknown'{conditions}
    group by daily.channel, daily.campaign
) as sums
window channel as (partition by sums.channel)
order by sums.spend desc, sums.name
limit {most}"""


def saturation(context: Context) -> Tested:
    """Has a channel's spend grown past the point where it still brings leads?

    Why: the average cost of a lead hides that the last ones cost a multiple; held against the
    same season a year earlier, only the growth is judged.
    Do: take the budget back to where leads stopped following, and try it elsewhere.
    """
    window = context.window()
    earlier = same_period_last_year(Window(window.since, window.until))
    if earlier is None:
        return no_data(saturation, "A window without a start cannot be held against a year before.")
    comparison = Comparison(
        _margins(context, window, earlier),
        metric="cpl",
        label="Cost per lead of {name}",
        unit="money",
        baseline_label="a year earlier",
        impact_label="Spent beyond it",
    )
    cases = comparison.cases(context, lambda row: _full(context, row))
    if not cases:
        return no_data(saturation, "No channel has enough leads in this season and the last.")
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    name = worst.case.name
    now, then = (context.words(one, "money") for one in (worst.case.value, worst.case.baseline))
    return finding(
        saturation,
        worst.status,
        f"{name} is past saturation: its spend grew and its leads did not follow, which cost {now} "
        f"each against {then} a year earlier."
        if is_news
        else f"No channel is shown to be past saturation. Nearest is {name}: {now} a lead, {then} "
        "a year earlier.",
        comparison.evidence(worst),
        drivers=drivers(cases, "money"),
        scope=context.scope(window, channels=name),
    )


def wasted_spend(context: Context) -> Tested:
    """Does a campaign spend without bringing a single opportunity?

    Why: what brings nothing is the first budget to cut, and the smaller campaigns hide it.
    Do: stop the campaign, or show what else it is for.
    """
    window = context.window()
    kept = context.kept(window, {**COLUMNS, "since": "daily.date", "until": "daily.date"})
    months = literal(context.months(window))
    text = CAMPAIGNS.format(
        conditions=kept.text, months=months, most=int(context.thresholds["campaigns_looked_at"])
    )
    comparison = Comparison(
        Statement(text, kept.params),
        metric="opportunities",
        label="Opportunities of {name}",
        unit="count",
        baseline_label="what its spend brings in the whole channel",
        impact_label="Spend",
    )
    cases = comparison.cases(context, _barren)
    if not cases:
        return no_data(wasted_spend, "No campaign has a name, spend and a channel to compare with.")
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    row, usual = worst.case.row, context.words(worst.case.baseline, "count")
    brought = context.words(worst.case.value, "count")
    return finding(
        wasted_spend,
        worst.status,
        f"{row['campaign']} ({row['channel']}) brought no opportunity; its spend brings {usual} in "
        "the whole channel."
        if is_news
        else "No campaign is shown to spend for nothing. Furthest behind its channel is "
        f"{row['campaign']} ({row['channel']}): {brought} opportunities, {usual} for its spend.",
        comparison.evidence(worst),
        drivers=drivers([case for case in cases if case.is_worse], "count"),
        scope=context.scope(window, channels=row["channel"], campaigns=row["campaign"]),
    )


def _margins(context: Context, window: Filters, earlier: Window) -> Statement:
    kept = context.kept(window, COLUMNS)
    days = {
        "since": window.since,
        "until": window.until,
        "earlier_since": earlier.since,
        "earlier_until": earlier.until,
    }
    text = MARGINS.format(conditions=kept.text, months=literal(context.months(window)))
    return Statement(text, {**kept.params, **days})


def _full(context: Context, row: Row) -> Case | None:
    """Worse: much more spend, and each further lead at a multiple of the usual cost."""
    limits = context.thresholds
    if min(row["leads"] or 0, row["leads_before"] or 0) < limits["minimum_leads"]:
        return None
    if row["baseline"] <= 0:
        return None
    now, before = Rate(row["leads"], row["spend"]), Rate(row["leads_before"], row["spend_before"])
    has_grown = now.exposure >= (1 + limits["minimum_growth"]) * before.exposure
    marginal = row["marginal"]
    follows = marginal is not None and 0 < marginal < limits["marginal_multiple"] * row["baseline"]
    interval = ratio_interval(before, now)
    return Case(
        row,
        for_the_worse(p_rates(now, before, limits["spread"]), row["value"] > row["baseline"]),
        has_grown and not follows and row["value"] > row["baseline"],
        log_normal(row["value"], now.count**-0.5),
        Effect(row["value"] / row["baseline"] - 1, interval and interval.shifted(-1), True),
    )


def _barren(row: Row) -> Case:
    """How often chance alone would bring none where so many are usual (Poisson)."""
    is_barren = row["value"] == 0
    return Case(row, math.exp(-row["baseline"]) if is_barren else 1.0, is_barren)
