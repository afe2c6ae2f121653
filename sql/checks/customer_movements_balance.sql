-- description = "Every customer's month opens, moves and closes: opening MRR plus what moved is closing MRR. One row per customer and month that does not balance."
-- class = "error"
-- tested = "marts.customer_months"
-- needs = "subscriptions"
-- remedy = "A movement is missing or counted twice: see the customer in marts.mrr_movements and intermediate.customer_month_ends."
with moved as (
    select
        movements.customer_id,
        movements.month,
        sum(
            case
                when
                    movements.movement
                    in ('contraction', 'churn', 'transferred_out')
                    then -movements.amount
                else movements.amount
            end
        ) as amount
    from marts.mrr_movements as movements
    group by movements.customer_id, movements.month
)

select
    coalesce(customer_months.customer_id, moved.customer_id) as customer_id,
    coalesce(customer_months.month, moved.month) as month,
    customer_months.opening_mrr,
    moved.amount as moved_mrr,
    customer_months.closing_mrr,
    coalesce(customer_months.closing_mrr, 0)
    - coalesce(customer_months.opening_mrr, 0)
    - coalesce(moved.amount, 0) as gap
from marts.customer_months as customer_months
full join moved
    on
        customer_months.customer_id = moved.customer_id
        and customer_months.month = moved.month
where
    coalesce(customer_months.closing_mrr, 0)
    - coalesce(customer_months.opening_mrr, 0)
    - coalesce(moved.amount, 0) <> 0
