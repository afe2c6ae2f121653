-- description = "What became of the customers who first paid in a month, in the slice where they began. One row per cohort, month, segment, plan, region and channel."
-- columns.cohort_month = "Month at whose end the customers paid for the first time"
-- columns.months_since = "Months between the cohort's month and this one; 0 is the cohort's own"
-- columns.retained_customers = "Customers of the cohort who are customers at the month's end, whether or not they were away in between"
-- columns.retained_mrr = "What the cohort's customers pay at the month's end, expansion included"
with cohorts as (
    select
        first_months.customer_id,
        first_months.month as cohort_month,
        first_months.segment,
        first_months.plan,
        first_months.region,
        first_months.channel
    from marts.customer_months as first_months
    inner join intermediate.customer_lifetimes as lifetimes
        on
            first_months.customer_id = lifetimes.customer_id
            and first_months.month = lifetimes.first_paid_month
    cross join intermediate.revenue_coverage as coverage
    -- one snapshot does not say when anybody began to pay
    where coverage.mrr_source = 'subscriptions'
),

months as (
    select
        cohorts.cohort_month,
        (year(customer_months.month) - year(cohorts.cohort_month)) * 12
        + month(customer_months.month) - month(cohorts.cohort_month)
            as months_since,
        customer_months.month,
        customer_months.measured_on,
        customer_months.is_partial,
        cohorts.segment,
        cohorts.plan,
        cohorts.region,
        cohorts.channel,
        customer_months.is_customer,
        customer_months.closing_mrr
    from cohorts
    inner join marts.customer_months as customer_months
        on
            cohorts.customer_id = customer_months.customer_id
            and cohorts.cohort_month <= customer_months.month
)

select
    months.cohort_month,
    months.months_since,
    months.month,
    months.measured_on,
    months.is_partial,
    months.segment,
    months.plan,
    months.region,
    months.channel,
    count_if(months.is_customer) as retained_customers,
    sum(months.closing_mrr) as retained_mrr
from months
group by
    months.cohort_month,
    months.months_since,
    months.month,
    months.measured_on,
    months.is_partial,
    months.segment,
    months.plan,
    months.region,
    months.channel
