-- description = "The customers and MRR that each month began with and lost, told by tenure and reason, are those of the books. One row per month in which they are not."
-- class = "error"
-- tested = "select count(distinct monthly.month) from marts.revenue_monthly as monthly where monthly.opening_mrr is not null"
-- remedy = "marts.opening_base loses a customer or counts one twice."
with books as (
    select
        monthly.month,
        sum(monthly.opening_customers) as base_customers,
        sum(monthly.opening_mrr) as base_mrr,
        sum(monthly.lost_customers) as lost_customers,
        sum(monthly.churned_mrr) as churned_mrr
    from marts.revenue_monthly as monthly
    group by monthly.month
),

told as (
    select
        base.month,
        sum(base.base_customers) as base_customers,
        sum(base.base_mrr) as base_mrr,
        sum(base.lost_customers) as lost_customers,
        sum(base.churned_mrr) as churned_mrr
    from marts.opening_base as base
    group by base.month
),

-- who is no longer listed is in no tenure band: nothing is known of it
departed as (
    select
        departures.month,
        count_if(departures.is_customer) as customers,
        sum(departures.departed_mrr) as mrr
    from intermediate.departures as departures
    group by departures.month
)

select
    books.*,
    books.churned_mrr - coalesce(told.churned_mrr, 0) as gap
from books
left join told on books.month = told.month
left join departed on books.month = departed.month
where
    books.base_customers - coalesce(departed.customers, 0)
    <> coalesce(told.base_customers, 0)
    or books.base_mrr - coalesce(departed.mrr, 0) <> coalesce(told.base_mrr, 0)
    or books.lost_customers <> coalesce(told.lost_customers, 0)
    or books.churned_mrr <> coalesce(told.churned_mrr, 0)
