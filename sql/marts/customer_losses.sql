-- description = "Customers who stopped paying, with the reason where the customer file states one. One row per customer and loss."
-- columns.lost_on = "Day on which the loss was measured: the month end, or the churn date where only one snapshot is known"
-- columns.churned_mrr = "MRR lost; not known from one snapshot, where churned customers stand at 0"
with from_books as (
    select
        movements.customer_id,
        movements.measured_on as lost_on,
        movements.segment,
        movements.plan,
        movements.region,
        movements.channel,
        movements.amount as churned_mrr,
        -- the file keeps one reason per customer: that of the last loss
        case
            when
                row_number() over (
                    partition by movements.customer_id
                    order by movements.month desc
                ) = 1
                then attributes.churn_reason
        end as churn_reason
    from marts.mrr_movements as movements
    inner join intermediate.customer_attributes as attributes
        on movements.customer_id = attributes.customer_id
    where movements.movement = 'churn'
),

from_snapshot as (
    select
        attributes.customer_id,
        customers.churn_date as lost_on,
        attributes.segment,
        attributes.plan,
        attributes.region,
        attributes.channel,
        cast(null as decimal(28, 6)) as churned_mrr,
        attributes.churn_reason
    from intermediate.customer_attributes as attributes
    inner join staging.revenue_customers as customers
        on attributes.customer_id = customers.customer_id
    cross join intermediate.revenue_coverage as coverage
    where
        attributes.is_churned
        and coverage.mrr_source = 'one_snapshot'
),

losses as (
    select * from from_books
    union all
    select * from from_snapshot
)

select
    losses.customer_id,
    losses.lost_on,
    losses.segment,
    losses.plan,
    losses.region,
    losses.channel,
    losses.churned_mrr,
    coalesce(losses.churn_reason, 'unknown') as churn_reason
from losses
