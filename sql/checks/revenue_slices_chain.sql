-- description = "Every slice closes a month with what it opens the next one with, in MRR and in customers. One row per month and slice that does not chain."
-- class = "error"
-- tested = "select count(*) from marts.revenue_monthly as monthly where monthly.opening_mrr is not null"
-- remedy = "A slice's closing and the next opening disagree about where a customer belongs: see marts.customer_months."
with closings as (
    select
        monthly.*,
        cast(monthly.month + interval 1 month as date) as next_month
    from marts.revenue_monthly as monthly
    where not monthly.is_partial
),

chained as (
    select
        coalesce(openings.month, closings.next_month) as month,
        coalesce(openings.segment, closings.segment) as segment,
        coalesce(openings.plan, closings.plan) as plan,
        coalesce(openings.region, closings.region) as region,
        coalesce(openings.channel, closings.channel) as channel,
        coalesce(closings.closing_mrr, 0) as closing_mrr,
        coalesce(openings.opening_mrr, 0) as opening_mrr,
        coalesce(closings.paying_customers, 0) as closing_customers,
        coalesce(openings.opening_customers, 0) as opening_customers
    from closings
    full join marts.revenue_monthly as openings
        on
            closings.next_month = openings.month
            and closings.segment = openings.segment
            and closings.plan = openings.plan
            and closings.region = openings.region
            and closings.channel = openings.channel
)

select
    chained.*,
    chained.opening_mrr - chained.closing_mrr as gap
from chained
inner join intermediate.revenue_months as months on chained.month = months.month
cross join intermediate.revenue_coverage as coverage
where
    -- before a ledger's first month there was nothing, before a snapshot's much
    (
        coverage.mrr_source <> 'snapshots'
        or chained.month > (select min(closings.month) from closings)
    )
    and (
        chained.opening_mrr <> chained.closing_mrr
        or chained.opening_customers <> chained.closing_customers
    )
