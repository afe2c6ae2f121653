-- description = "The daily changes of MRR and customers add up to what each month closes with. One row per month and slice where they do not."
-- class = "error"
-- tested = "marts.revenue_monthly"
-- remedy = "marts.revenue_daily and marts.revenue_monthly disagree about where a customer belongs: see intermediate.customer_states."
with changes as (
    select
        -- what came before the first month is what it opens with
        greatest(
            cast(date_trunc('month', daily.date) as date),
            (
                select min(months.month)
                from intermediate.revenue_months as months
            )
        ) as month,
        daily.segment,
        daily.plan,
        daily.region,
        daily.channel,
        daily.mrr_change as mrr,
        daily.customers_change as customers
    from marts.revenue_daily as daily
    union all
    -- against each month's change: its closing less the one before
    select
        monthly.month,
        monthly.segment,
        monthly.plan,
        monthly.region,
        monthly.channel,
        -monthly.closing_mrr as mrr,
        -monthly.paying_customers as customers
    from marts.revenue_monthly as monthly
    union all
    select
        cast(monthly.month + interval 1 month as date) as month,
        monthly.segment,
        monthly.plan,
        monthly.region,
        monthly.channel,
        monthly.closing_mrr as mrr,
        monthly.paying_customers as customers
    from marts.revenue_monthly as monthly
)

select
    changes.month,
    changes.segment,
    changes.plan,
    changes.region,
    changes.channel,
    sum(changes.mrr) as gap,
    cast(sum(changes.customers) as bigint) as customers_gap
from changes
inner join intermediate.revenue_months as months on changes.month = months.month
group by
    changes.month,
    changes.segment,
    changes.plan,
    changes.region,
    changes.channel
having sum(changes.mrr) <> 0 or sum(changes.customers) <> 0
