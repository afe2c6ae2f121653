-- description = "What the accounts and the books of MRR say of the whole company. One row per complete month, without gaps."
-- columns.sales_marketing_expense = "Sales and marketing expense; empty where finance.csv has no such month"
-- columns.revenue = "Recognised revenue"
-- columns.cost_of_revenue = "Cost of delivering that revenue"
-- columns.net_burn = "Cash spent beyond cash received; negative when cash came in"
-- columns.is_in_accounts = "finance.csv has the month"
with books as (
    select
        monthly.month,
        sum(monthly.opening_mrr) as opening_mrr,
        sum(monthly.new_mrr) as new_mrr,
        sum(monthly.new_customers) as new_customers,
        sum(monthly.churned_mrr) + sum(monthly.contraction_mrr) as lost_mrr,
        sum(monthly.closing_mrr) as closing_mrr,
        sum(monthly.paying_customers) as paying_customers
    from marts.revenue_monthly as monthly
    where not monthly.is_partial
    group by monthly.month
),

bounds as (
    select
        coverage.nothing,
        (
            select min(known.month)
            from (
                select finance.month from staging.finance as finance
                union all
                select books.month from books
            ) as known
        ) as first_month,
        cast(
            date_trunc('month', coverage.as_of + interval 1 day)
            - interval 1 month as date
        ) as last_month
    from intermediate.revenue_coverage as coverage
),

spine as (
    select
        unnest(
            generate_series(
                bounds.first_month, bounds.last_month, interval 1 month
            )
        ) as first_day
    from bounds
),

months as (
    select cast(spine.first_day as date) as month from spine
)

select
    months.month,
    finance.month is not null as is_in_accounts,
    finance.sales_marketing_expense,
    finance.revenue,
    finance.cost_of_revenue,
    finance.net_burn,
    -- not known from one snapshot, and 0 before the ledger's first period
    coalesce(books.opening_mrr, 0) + bounds.nothing as opening_mrr,
    coalesce(books.new_mrr, 0) + bounds.nothing as new_mrr,
    coalesce(books.new_customers, 0) + bounds.nothing as new_customers,
    coalesce(books.lost_mrr, 0) + bounds.nothing as lost_mrr,
    coalesce(books.closing_mrr, bounds.nothing) as closing_mrr,
    coalesce(books.paying_customers, bounds.nothing) as paying_customers
from months
cross join bounds
left join staging.finance as finance on months.month = finance.month
left join books on months.month = books.month
