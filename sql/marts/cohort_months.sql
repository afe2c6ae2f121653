-- description = "What became of the customers who first paid in a month, in the slice where they began. One row per cohort, month, segment, plan, region and channel."
-- columns.months_since = "Months between the cohort's month and this one; 0 is the cohort's own"
-- columns.retained_customers = "Customers of the cohort who are customers at the month's end, whether or not they were away in between"
-- columns.retained_mrr = "What the cohort's customers pay at the month's end, expansion included"
with added as (
    select
        cohorts.cohort_month,
        month_ends.month,
        cohorts.attribute_set,
        count_if(month_ends.is_customer) as retained_customers,
        sum(month_ends.mrr) as retained_mrr
    from intermediate.cohort_customers as cohorts
    inner join intermediate.customer_month_ends as month_ends
        on
            cohorts.customer_id = month_ends.customer_id
            and cohorts.cohort_month <= month_ends.month
    group by cohorts.cohort_month, month_ends.month, cohorts.attribute_set
)

select
    added.cohort_month,
    (year(added.month) - year(added.cohort_month)) * 12
    + month(added.month) - month(added.cohort_month) as months_since,
    added.month,
    months.measured_on,
    months.is_partial,
    sets.segment,
    sets.plan,
    sets.region,
    sets.channel,
    added.retained_customers,
    added.retained_mrr
from added
inner join intermediate.revenue_months as months on added.month = months.month
inner join intermediate.attribute_sets as sets
    on added.attribute_set = sets.attribute_set
