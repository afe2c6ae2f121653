-- description = "Each customer has one row per month, and each movement of a month one row. One row per key found twice."
-- class = "error"
-- tested = "marts.customer_months"
-- remedy = "Two states of one customer cover the same day: see intermediate.customer_states."
with ordered as (
    select
        customer_months.customer_id,
        customer_months.month,
        lag(customer_months.month) over (
            partition by customer_months.customer_id
            order by customer_months.month asc
        ) as previous_month
    from marts.customer_months as customer_months
)

-- a month found again stands beside itself: cheaper than a group for each month
select
    ordered.customer_id,
    ordered.month,
    'month' as key,
    count(*) + 1 as rows_found
from ordered
where ordered.month = ordered.previous_month
group by ordered.customer_id, ordered.month
union all
select
    movements.customer_id,
    movements.month,
    movements.movement as key,
    count(*) as rows_found
from marts.mrr_movements as movements
group by movements.customer_id, movements.month, movements.movement
having count(*) > 1
