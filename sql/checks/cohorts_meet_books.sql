-- description = "In every month the cohorts together pay what the month closes with. One row per month in which they do not."
-- class = "error"
-- tested = "select count(distinct monthly.month) from marts.revenue_monthly as monthly"
-- needs = "subscriptions"
-- remedy = "marts.cohort_months loses a customer, or follows one twice."
with books as (
    select
        monthly.month,
        sum(monthly.closing_mrr) as closing_mrr
    from marts.revenue_monthly as monthly
    group by monthly.month
),

cohorts as (
    select
        months.month,
        sum(months.retained_mrr) as retained_mrr
    from marts.cohort_months as months
    group by months.month
)

select
    books.month,
    books.closing_mrr,
    cohorts.retained_mrr,
    books.closing_mrr - coalesce(cohorts.retained_mrr, 0) as gap
from books
left join cohorts on books.month = cohorts.month
where books.closing_mrr <> coalesce(cohorts.retained_mrr, 0)
