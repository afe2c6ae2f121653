-- description = "What each customer paid, under which plan, from when to when. One row per customer and change."
-- columns.mrr = "Monthly recurring revenue"
-- columns.plan = "Plan of the highest-MRR running period; without one, the last known"
-- columns.is_customer = "Counts as a customer: pays, or is in a trial where the policy says so"
with from_snapshot as (
    -- one snapshot knows what is paid on its own day, and no day before it
    select
        customers.customer_id,
        coverage.as_of as valid_from,
        date '9999-12-31' as valid_to,
        case
            when attributes.is_churned then 0 else customers.supplied_mrr
        end as mrr,
        case when attributes.is_churned then 0 else 1 end as running_periods,
        attributes.plan
    from staging.revenue_customers as customers
    inner join intermediate.customer_attributes as attributes
        on customers.customer_id = attributes.customer_id
    cross join intermediate.revenue_coverage as coverage
    where
        coverage.mrr_source = 'one_snapshot'
        and customers.start_date <= coverage.as_of
),

states as (
    select
        ledger.customer_id,
        ledger.valid_from,
        ledger.valid_to,
        cast(null as varchar) as segment,
        cast(null as varchar) as region,
        ledger.mrr,
        ledger.running_periods,
        ledger.plan
    from intermediate.subscription_states as ledger
    union all
    select
        from_snapshot.customer_id,
        from_snapshot.valid_from,
        from_snapshot.valid_to,
        cast(null as varchar) as segment,
        cast(null as varchar) as region,
        from_snapshot.mrr,
        from_snapshot.running_periods,
        from_snapshot.plan
    from from_snapshot
    union all
    select
        snapshots.customer_id,
        snapshots.valid_from,
        snapshots.valid_to,
        snapshots.segment,
        snapshots.region,
        snapshots.mrr,
        snapshots.running_periods,
        snapshots.plan
    from intermediate.snapshot_states as snapshots
)

select
    states.customer_id,
    states.valid_from,
    states.valid_to,
    -- a snapshot says where the customer stood then, a ledger does not
    coalesce(states.segment, attributes.segment) as segment,
    states.plan,
    coalesce(states.region, attributes.region) as region,
    attributes.channel,
    cast(states.mrr as decimal(28, 6)) as mrr,
    states.mrr > 0
    or (policies.trials_are_customers and states.running_periods > 0)
        as is_customer
from states
inner join intermediate.customer_attributes as attributes
    on states.customer_id = attributes.customer_id
cross join intermediate.revenue_policies as policies
