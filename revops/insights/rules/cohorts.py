"""Whether new customers stay as long as those before them did."""

from datetime import timedelta

from revops.insights.comparison import Case, Comparison, Row, judge
from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.intervals import for_the_worse, newcombe, p_two_shares, wilson
from revops.insights.model import Category, Effect, Evidence
from revops.insights.question import Tested
from revops.periods import add_months
from revops.statements import Statement

CATEGORY: Category = "revenue"

COLUMNS = {
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
    kept = context.kept(context.filters.with_window(None, None), COLUMNS)
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
