-- description = "New, expansion and contraction MRR as the customer file states them, used when the MRR history is not known. One row per customer and movement."
-- columns.amount = "MRR as supplied; empty where the file leaves it empty"
with customers as (
    select
        customers.*,
        attributes.channel,
        coverage.as_of
    from staging.revenue_customers as customers
    inner join intermediate.customer_attributes as attributes
        on customers.customer_id = attributes.customer_id
    cross join intermediate.revenue_coverage as coverage
    where coverage.mrr_source = 'one_snapshot'
),

movements as (
    select
        customers.*,
        'new' as movement,
        customers.supplied_new_mrr as amount
    from customers
    union all
    select
        customers.*,
        'expansion' as movement,
        customers.supplied_expansion_mrr as amount
    from customers
    union all
    select
        customers.*,
        'contraction' as movement,
        customers.supplied_contraction_mrr as amount
    from customers
)

select
    movements.customer_id,
    cast(date_trunc('month', movements.as_of) as date) as month,
    movements.as_of as measured_on,
    movements.movement,
    movements.segment,
    movements.plan,
    movements.region,
    movements.channel,
    cast(movements.amount as decimal(28, 6)) as amount,
    true as is_supplied
from movements
