"""How much of the installed base rests on few large customers."""

from datetime import timedelta

from revops.insights.context import Context
from revops.insights.finding import finding, known, no_data
from revops.insights.model import Category, Driver, Effect, Evidence, Insight, Status
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
