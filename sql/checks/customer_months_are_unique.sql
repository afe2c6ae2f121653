-- description = "Each customer has one row per month, and each movement of a month one row. One row per key found twice."
-- class = "error"
-- tested = "marts.customer_months"
-- remedy = "Two states of one customer cover the same day: see intermediate.customer_states."
select
    customer_months.customer_id,
    customer_months.month,
    'month' as key,
    count(*) as rows_found
from marts.customer_months as customer_months
group by customer_months.customer_id, customer_months.month
having count(*) > 1
union all
select
    movements.customer_id,
    movements.month,
    movements.movement as key,
    count(*) as rows_found
from marts.mrr_movements as movements
group by movements.customer_id, movements.month, movements.movement
having count(*) > 1
