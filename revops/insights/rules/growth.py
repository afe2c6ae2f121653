"""Whether the growth that a target takes was ever seen."""

import math
from datetime import timedelta
from statistics import fmean, stdev
from typing import Any

from revops.insights.context import MONTH_DAYS, Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import for_the_worse, normal, p_of_t
from revops.insights.model import Category, Effect, Evidence
from revops.insights.question import Tested
from revops.statements import naming

CATEGORY: Category = "pipeline"

GROWTH = """with target as (
    select
        targets.period_end,
        cast(targets.target_value as double) as target
    from staging.targets as targets
    where
        targets.metric = 'mrr'
        and targets.segment = 'all'
        and targets.owner = 'all'
        and targets.period_end > $day + to_days($horizon)
    order by targets.period_end
    limit 1
),

months as (
    select
        months.month,
        cast(months.closing_mrr - months.opening_mrr as double) as grown,
        cast(months.closing_mrr as double) as closing_mrr
    from marts.company_months as months
    where months.month < $this_month and months.opening_mrr is not null
    order by months.month desc
    limit 12
),

needed as (
    select
        (target.target - (select arg_max(months.closing_mrr, months.month) from months))
        * $month_days / date_diff('day', $this_month, target.period_end) as per_month
    from target
)

"""
GROWN = "select months.grown, needed.per_month as needed from months cross join needed"
MEAN = """select avg(months.grown) as value, any_value(needed.per_month) as baseline,
    count(*) as n
from months
cross join needed"""
MISSING = """select any_value(needed.per_month) - avg(months.grown) as value
from months
cross join needed"""


def forecast_risk(context: Context) -> Tested:
    """Does the MRR target ahead take more growth than the months of the last year gave?

    Why: a target that needs every month to be better than the best is missed today, and is
    cheaper to talk about now than in the month it falls due.
    Do: agree on what has to change for the growth it takes (wins, price, churn), or on another
    target; `make forecast` says how far the range reaches.
    """
    day = context.as_of
    this_month = (day + timedelta(days=1)).replace(day=1)
    params: dict[str, Any] = {"day": day, "this_month": this_month, "month_days": MONTH_DAYS}
    params["horizon"] = int(context.thresholds["horizon_days"])
    is_whole = not context.filters.members() and not context.filters.until
    rows = context.rows(naming(GROWTH + GROWN, params)) if is_whole else []
    if len(rows) < 12:
        return no_data(
            forecast_risk,
            "It takes an MRR target ahead for the whole company and twelve known months of MRR.",
        )
    grown, needed = [float(row["grown"]) for row in rows], float(rows[0]["needed"])
    mean = fmean(grown)
    # the mean of three months to come varies too
    error = stdev(grown) * math.sqrt(1 / len(grown) + 1 / 3)
    p_value = for_the_worse(p_of_t(needed - mean, error, len(grown) - 1), needed > mean)
    (adjusted,) = yield [p_value]
    status = context.status(adjusted, needed - mean) if needed > max(grown) else "good"
    # a plan may have been out of reach from the start: worth a talk, and no alarm
    status = "watch" if status == "alert" else status
    take, gave = context.words(needed, "money"), context.words(mean, "money")
    main = Evidence(
        metric="net_new_mrr",
        label="Growth of MRR per month in the last year",
        value=mean,
        unit="money",
        sql=naming(GROWTH + MEAN, params).literal(),
        baseline=needed,
        baseline_label="what the target ahead takes",
        n=len(grown),
        interval=normal(mean, stdev(grown) / math.sqrt(len(grown))),
        p_value=p_value,
        adjusted_p=adjusted,
        effect=Effect(mean - needed, normal(mean - needed, error)),
    )
    missing = impact(needed - mean, naming(GROWTH + MISSING, params), "Missing to it")
    return finding(
        forecast_risk,
        status,
        f"The MRR target ahead takes {take} a month; the last year gave {gave}."
        if status != "good"
        else f"The MRR target ahead is within reach: it takes {take} a month, the last year gave "
        f"{gave}.",
        (main, *([missing] if needed > mean else [])),
    )
