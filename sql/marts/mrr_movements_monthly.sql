-- description = "The movements of MRR as columns. One row per month, segment, plan, region and channel with a movement."
-- columns.new_mrr = "MRR of customers who never paid before"
-- columns.new_customers = "Customers who pay for the first time"
-- columns.reactivation_mrr = "MRR of customers who had stopped paying and pay again"
-- columns.expansion_mrr = "MRR added by customers who already paid"
-- columns.contraction_mrr = "MRR lost from customers who still pay"
-- columns.churned_mrr = "MRR of customers who stopped paying"
-- columns.new_mrr_unknown_rows = "Customers whose new MRR the customer file leaves empty"
-- columns.expansion_mrr_unknown_rows = "Customers whose expansion MRR the customer file leaves empty"
-- columns.contraction_mrr_unknown_rows = "Customers whose contraction MRR the customer file leaves empty"
with movements as (
    select
        movements.*,
        movements.amount is null as is_unknown
    from marts.mrr_movements as movements
    -- what stays with the company is shown where it crosses a border
    where movements.movement not in ('transferred_in', 'transferred_out')
)

select
    movements.month,
    movements.segment,
    movements.plan,
    movements.region,
    movements.channel,
    sum(movements.amount) filter (movements.movement = 'new') as new_mrr,
    count_if(movements.movement = 'new' and not movements.is_supplied)
        as new_customers,
    sum(movements.amount) filter (movements.movement = 'reactivation')
        as reactivation_mrr,
    sum(movements.amount) filter (movements.movement = 'expansion')
        as expansion_mrr,
    sum(movements.amount) filter (movements.movement = 'contraction')
        as contraction_mrr,
    sum(movements.amount) filter (movements.movement = 'churn') as churned_mrr,
    count(*) filter (movements.movement = 'new' and movements.is_unknown)
        as new_mrr_unknown_rows,
    count(*) filter (movements.movement = 'expansion' and movements.is_unknown)
        as expansion_mrr_unknown_rows,
    count(*) filter (
        movements.movement = 'contraction' and movements.is_unknown
    ) as contraction_mrr_unknown_rows
from movements
group by
    movements.month,
    movements.segment,
    movements.plan,
    movements.region,
    movements.channel
