"""What the installed base rests on: few large customers, and cohorts that hold."""

from datetime import timedelta

from revops.insights.comparison import Case, Comparison, Row, judge
from revops.insights.context import Context
from revops.insights.finding import finding, known, no_data
from revops.insights.intervals import for_the_worse, newcombe, p_two_shares, wilson
from revops.insights.model import Category, Driver, Effect, Evidence, Insight, Status
from revops.insights.question import Tested
from revops.periods import add_months
from revops.statements import Statement

CATEGORY: Category = "revenue"

COLUMNS = {
    "segments": "months.segment",
    "plans": "months.plan",
    "regions": "months.region",
    "channels": "months.channel",
}
LARGEST = """with paying as (
    select
        coalesce(attributes.account, months.customer_id) as account,
        sum(cast(months.closing_mrr as double)) as mrr
    from marts.customer_months as months
    inner join intermediate.customer_attributes as attributes
        on months.customer_id = attributes.customer_id
    where
        months.closing_mrr > 0
        and months.month = (
            select max(latest.month) from marts.customer_months as latest
            where latest.measured_on < $until
        ){conditions}
    group by all
),

ranked as (
    select
        paying.*,
        row_number() over (order by paying.mrr desc, paying.account) as place,
        sum(paying.mrr) over () as whole
    from paying
)

"""
SHARES = """select
    sum(mrr) filter (place <= $largest) / any_value(whole) as largest_share,
    max(mrr) / any_value(whole) as first_share,
    arg_min(account, place) as first,
    count(*) as n
from ranked"""
LARGEST_SHARE = """select sum(mrr) filter (place <= $largest) / any_value(whole) as value,
    count(*) as n
from ranked"""
FIRST_SHARE = "select max(mrr) / any_value(whole) as value from ranked"
NAMED = "select account, mrr, mrr / whole as share from ranked where place <= 4 order by place"

COHORT_COLUMNS = {
    "segments": "cohorts.segment",
    "plans": "cohorts.plan",
    "regions": "cohorts.region",
    "channels": "cohorts.channel",
}
COHORTS = """select
    'customers' as name,
    sum(cohorts.retained_customers) filter (is_recent and cohorts.months_since = $age)
        / nullif(sum(cohorts.retained_customers)
            filter (is_recent and cohorts.months_since = 0), 0) as value,
    sum(cohorts.retained_customers) filter (not is_recent and cohorts.months_since = $age)
        / nullif(sum(cohorts.retained_customers)
            filter (not is_recent and cohorts.months_since = 0), 0) as baseline,
    cast(sum(cohorts.retained_customers)
        filter (is_recent and cohorts.months_since = 0) as bigint) as n,
    cast(sum(cohorts.retained_customers)
        filter (not is_recent and cohorts.months_since = 0) as bigint) as n_before,
    (baseline - value) * cast(sum(cohorts.retained_mrr)
        filter (is_recent and cohorts.months_since = 0) as double) / $months as impact
from (
    select months.*, months.cohort_month >= $since as is_recent
    from marts.cohort_months as months
    where months.cohort_month >= $baseline_since and months.cohort_month < $until
) as cohorts
where true{conditions}"""


def concentration(context: Context) -> Insight:
    """How much of MRR hangs on the ten largest customers, and on the largest one?

    Why: one decision elsewhere can cost a year's growth, and it weighs on every price talk.
    Do: know the renewal date and the sponsor of each of them, and plan the year without one.
    """
    after = context.as_of + timedelta(days=1)
    limits = context.thresholds
    until = min(context.filters.until or after, after)
    kept = context.kept(context.filters.with_window(None, None), COLUMNS)
    text = LARGEST.format(conditions=kept.text)
    params = {**kept.params, "until": until}
    sized = {**params, "largest": int(limits["largest"])}
    values = known(context.row(Statement(text + SHARES, sized)), "largest_share", "first_share")
    count = known(context.row(Statement(text + SHARES, sized)), "n")
    if values is None or count is None or count[0] < limits["minimum_customers"]:
        return no_data(concentration, "Too few customers with a known MRR to speak of the largest.")
    ten, first = values
    main = Evidence(
        metric="largest_share",
        label="Share of MRR of the largest customers",
        value=ten,
        unit="ratio",
        sql=Statement(text + LARGEST_SHARE, sized).literal(),
        baseline=limits["watch_share"],
        baseline_label="the share worth watching",
        n=int(count[0]),
        effect=Effect(ten - limits["watch_share"]),
    )
    single = Evidence(
        metric="first_share",
        label="Share of MRR of the largest customer",
        value=first,
        unit="ratio",
        sql=Statement(text + FIRST_SHARE, params).literal(),
        baseline=limits["watch_single"],
        baseline_label="the share worth watching",
    )
    status: Status = "good"
    if ten >= limits["watch_share"] or first >= limits["watch_single"]:
        status = "watch"
    if ten >= limits["alert_share"] or first >= limits["alert_single"]:
        status = "alert"
    named = context.rows(Statement(text + NAMED, params))
    return finding(
        concentration,
        status,
        f"The largest customers hold {context.words(ten, 'ratio')} of MRR, the first alone "
        f"{context.words(first, 'ratio')}.",
        (main, single),
        drivers=tuple(Driver(row["account"], row["mrr"], "money", row["share"]) for row in named),
        scope=context.filters.with_window(None, until),
    )


def cohort_decay(context: Context) -> Tested:
    """Do customers of the last year's cohorts leave sooner than those of the year before did?

    Why: the total hides it for long, because old customers stay; what new ones do at six months
    is next year's churn.
    Do: look at what changed for them: who was sold to, on what promise, and how they were
    brought on board.
    """
    after = context.as_of + timedelta(days=1)
    limits = context.thresholds
    age, months = int(limits["age_months"]), int(limits["cohorts"])
    # the youngest cohort that has reached the age in a complete month
    until = add_months(min(context.filters.until or after, after).replace(day=1), -age)
    params = {
        "age": age,
        "months": months,
        "until": until,
        "since": add_months(until, -months),
        "baseline_since": add_months(until, -2 * months),
    }
    kept = context.kept(context.filters.with_window(None, None), COHORT_COLUMNS)
    comparison = Comparison(
        Statement(COHORTS.format(conditions=kept.text), {**kept.params, **params}),
        metric="cohort_retention",
        label="Share of new {name} still there at that age",
        unit="ratio",
        baseline_label="the cohorts of the year before",
        impact_label="MRR lost beyond it",
    )
    cases = comparison.cases(context, lambda row: _decayed(context, row))
    if not cases:
        return no_data(cohort_decay, "Two years of cohorts that are old enough are not there.")
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    now, then = (context.words(one, "ratio") for one in (worst.case.value, worst.case.baseline))
    reached = context.words(age, "months")
    return finding(
        cohort_decay,
        worst.status,
        f"New customers stay less: {now} are still there after {reached}, {then} of the cohorts "
        "of the year before."
        if is_news
        else f"New customers are not shown to stay less: {now} are still there after {reached}, "
        f"{then} of the cohorts of the year before.",
        (*comparison.evidence(worst), _age(age)),
        scope=context.filters.with_window(add_months(until, -months), until),
    )


def _age(age: int) -> Evidence:
    return Evidence("cohort_age", "Age looked at", float(age), "months", f"select {age} as value")


def _decayed(context: Context, row: Row) -> Case | None:
    if min(row["n"] or 0, row["n_before"] or 0) < context.thresholds["minimum_customers"]:
        return None
    now, then = row["value"] * row["n"], row["baseline"] * row["n_before"]
    return Case(
        row,
        for_the_worse(
            p_two_shares(now, row["n"], then, row["n_before"]), row["value"] < row["baseline"]
        ),
        row["baseline"] - row["value"] >= context.thresholds["minimum_gap"],
        wilson(now, row["n"]),
        Effect(row["value"] - row["baseline"], newcombe(now, row["n"], then, row["n_before"])),
    )
