-- description = "The month each customer first paid in, and where it stood then. One row per customer whose first month is known."
-- columns.cohort_month = "Month at whose end the customers paid for the first time"
-- columns.attribute_set = "Segment, plan, region and channel at that month's end, as numbered in intermediate.attribute_sets"
-- columns.cohort_mrr = "What the customer paid at that month's end"
select
    first_months.customer_id,
    first_months.month as cohort_month,
    first_months.attribute_set,
    first_months.mrr as cohort_mrr,
    first_months.is_customer
from intermediate.customer_month_ends as first_months
inner join intermediate.customer_lifetimes as lifetimes
    on
        first_months.customer_id = lifetimes.customer_id
        and first_months.month = lifetimes.first_paid_month
cross join intermediate.revenue_coverage as coverage
-- one snapshot does not say when anybody began to pay
where coverage.mrr_source = 'subscriptions'
