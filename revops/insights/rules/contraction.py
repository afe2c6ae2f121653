"""Whether customers cut back more than they did, which often comes before they leave."""

from datetime import date, timedelta

from revops.insights.comparison import Case, Comparison, Row, drivers, judge
from revops.insights.context import Context
from revops.insights.counts import Rate, p_more
from revops.insights.finding import finding, no_data
from revops.insights.intervals import newcombe, wilson
from revops.insights.model import Category, Effect, Evidence
from revops.insights.question import Tested
from revops.periods import add_months
from revops.statements import Statement

CATEGORY: Category = "revenue"

COLUMNS = {
    "segments": "months.opening_segment",
    "plans": "months.opening_plan",
    "regions": "months.opening_region",
    "channels": "months.channel",
}
CUTS = """select
    months.opening_segment as name,
    avg(cast(months.movement is not distinct from 'contraction' as integer))
        filter (months.month >= $since) as value,
    avg(cast(months.movement is not distinct from 'contraction' as integer))
        filter (months.month < $since) as baseline,
    count(*) filter (months.month >= $since) as n,
    count(*) filter (months.month < $since) as n_before,
    count(*) filter (months.month >= $since and months.movement = 'contraction') as cut,
    count(*) filter (months.month < $since and months.movement = 'contraction') as cut_before,
    (
        sum(cast(months.opening_mrr - months.closing_mrr as double))
            filter (months.month >= $since and months.movement = 'contraction')
        - sum(cast(months.opening_mrr as double)) filter (months.month >= $since)
        * coalesce(
            sum(cast(months.opening_mrr - months.closing_mrr as double))
                filter (months.month < $since and months.movement = 'contraction'), 0)
        / sum(cast(months.opening_mrr as double)) filter (months.month < $since)
    ) / $months as impact
from marts.customer_months as months
where
    months.opening_mrr > 0
    and not months.is_partial
    and months.month >= $baseline_since
    and months.month < $until{conditions}
group by months.opening_segment
order by name"""
# Those who cut back in the year before last half year: how many of them are gone by now.
AFTER = """select
    avg(cast(months.closing_mrr = 0 as integer)) as value,
    count(*) as n
from marts.customer_months as months
where
    months.month = $last_month
    and exists (
        select 1 from marts.mrr_movements as movements
        where
            movements.customer_id = months.customer_id
            and movements.movement = 'contraction'
            and movements.month >= $year_ago
            and movements.month < $half_a_year_ago
    ){conditions}"""


def contraction(context: Context) -> Tested:
    """Do more customers cut back what they pay than in the year before?

    Why: a smaller contract is often the step before none; it shows a quarter or two earlier, when
    something can still be done.
    Do: call those who cut back lately, before their renewal: what do they no longer use?
    """
    after = context.as_of + timedelta(days=1)
    until = min(context.filters.until or after, after).replace(day=1)
    months = int(context.thresholds["months"])
    since = add_months(until, -months)
    kept = context.kept(context.filters.with_window(None, None), COLUMNS)
    params = {
        "since": since,
        "until": until,
        "baseline_since": add_months(since, -int(context.thresholds["baseline_months"])),
        "months": months,
    }
    comparison = Comparison(
        Statement(CUTS.format(conditions=kept.text), {**kept.params, **params}),
        metric="contraction_share",
        label="Share of {name} customers who cut back in a month",
        unit="ratio",
        baseline_label="the year before",
        impact_label="MRR cut beyond it",
    )
    cases = comparison.cases(context, lambda row: _cut(context, row))
    if not cases:
        return no_data(contraction, "Too few customers whose MRR is known month by month to judge.")
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    name = worst.case.name
    now, then = (context.words(one, "ratio") for one in (worst.case.value, worst.case.baseline))
    window = context.filters.with_window(since, until)
    scope = context.scope(window, segments=name)
    after_cut = _gone(context, kept, until) if is_news else ()
    return finding(
        contraction,
        worst.status,
        f"More {name} customers cut back: {now} a month, {then} in the year before."
        if is_news
        else f"Customers are not shown to cut back more: {now} of {name} customers a month, {then} "
        "in the year before.",
        (*comparison.evidence(worst), *after_cut),
        drivers=drivers(cases, "points"),
        scope=scope,
    )


def _cut(context: Context, row: Row) -> Case | None:
    limits = context.thresholds
    if min(row["n"], row["n_before"]) < limits["minimum_customers"]:
        return None
    return Case(
        row,
        p_more(Rate(row["cut"], row["n"]), Rate(row["cut_before"], row["n_before"])),
        row["value"] >= (1 + limits["minimum_rise"]) * row["baseline"]
        and row["cut"] >= limits["minimum_cut"],
        wilson(row["cut"], row["n"]),
        Effect(
            row["value"] - row["baseline"],
            newcombe(row["cut"], row["n"], row["cut_before"], row["n_before"]),
        ),
    )


def _gone(context: Context, kept: Statement, end: date) -> tuple[Evidence, ...]:
    """What became of those who cut back half a year ago and more."""
    params = {
        "last_month": add_months(end, -1),
        "year_ago": add_months(end, -18),
        "half_a_year_ago": add_months(end, -6),
    }
    asked = Statement(
        AFTER.format(conditions=kept.text.replace("opening_", "")), {**kept.params, **params}
    )
    row = context.row(asked)
    if not row.get("n"):
        return ()
    return (
        Evidence(
            metric="gone_after_contraction",
            label="Gone by now, of those who cut back at least half a year ago",
            value=float(row["value"]),
            unit="ratio",
            sql=asked.literal(),
            n=int(row["n"]),
            interval=wilson(row["value"] * row["n"], row["n"]),
        ),
    )
