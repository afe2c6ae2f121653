-- description = "Every customer's month opens, moves and closes: opening MRR plus what moved is closing MRR. One row per customer and month that does not balance."
-- class = "error"
-- tested = "select count(*) from marts.customer_months as months where months.opening_mrr is not null"
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
    where not movements.is_supplied
    group by movements.customer_id, movements.month
),

months as (
    select
        customer_months.customer_id,
        customer_months.month,
        customer_months.opening_mrr,
        customer_months.closing_mrr
    from marts.customer_months as customer_months
    where customer_months.opening_mrr is not null
    union all
    -- who is no longer listed is moved out of what is known
    select
        departures.customer_id,
        departures.month,
        departures.departed_mrr as opening_mrr,
        0 as closing_mrr
    from intermediate.departures as departures
)

select
    coalesce(months.customer_id, moved.customer_id) as customer_id,
    coalesce(months.month, moved.month) as month,
    months.opening_mrr,
    moved.amount as moved_mrr,
    months.closing_mrr,
    coalesce(months.closing_mrr, 0)
    - coalesce(months.opening_mrr, 0)
    - coalesce(moved.amount, 0) as gap
from months
full join moved
    on
        months.customer_id = moved.customer_id
        and months.month = moved.month
where
    coalesce(months.closing_mrr, 0)
    - coalesce(months.opening_mrr, 0)
    - coalesce(moved.amount, 0) <> 0
