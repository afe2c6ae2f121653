-- description = "Subscription periods begun by the as-of date, ranked by how much they say about their customer's plan. One row per subscription and start date."
-- columns.plan = "Plan of the period; the customer's plan of today when the ledger has no plan column"
-- columns.plan_rank = "1 is the customer's highest MRR; ties go to the newest start, then to the first id"
with plan_column as (
    select bool_or(columns.is_present) as is_present
    from meta.columns as columns
    where
        columns.dataset = 'subscriptions'
        and columns.column_name = 'plan'
)

select
    subscriptions.subscription_id,
    subscriptions.customer_id,
    subscriptions.start_date,
    coalesce(subscriptions.end_date, date '9999-12-31') as end_date,
    subscriptions.mrr,
    case
        when plan_column.is_present then subscriptions.plan
        else attributes.plan
    end as plan,
    row_number() over (
        partition by subscriptions.customer_id
        order by
            subscriptions.mrr desc,
            subscriptions.start_date desc,
            subscriptions.subscription_id asc
    ) as plan_rank
from staging.subscriptions as subscriptions
inner join intermediate.customer_attributes as attributes
    on subscriptions.customer_id = attributes.customer_id
cross join plan_column
cross join intermediate.revenue_coverage as coverage
where
    subscriptions.start_date <= coverage.as_of
    and coverage.mrr_source = 'subscriptions'
