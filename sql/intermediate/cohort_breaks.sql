-- description = "Customers who paid 12 months earlier, stopped and pay again, where the policy does not count them as kept; none where it does. One row per customer and month."
with year_ends as (
    select
        month_ends.customer_id,
        month_ends.month,
        month_ends.mrr,
        month_ends.earlier_mrr,
        min(month_ends.mrr) over (
            partition by month_ends.customer_id
            order by month_ends.month asc
            rows between 12 preceding and current row
        ) as lowest_mrr
    from intermediate.customer_month_ends as month_ends
    cross join intermediate.revenue_policies as policies
    where not policies.reactivated_count_as_kept
)

select
    year_ends.customer_id,
    year_ends.month
from year_ends
where
    year_ends.earlier_mrr > 0
    and year_ends.mrr > 0
    and year_ends.lowest_mrr <= 0
