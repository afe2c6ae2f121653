-- description = "What is known of each customer today; a customer of a subscription whose own row is missing counts under 'unknown'. One row per customer."
-- columns.is_listed = "The customer has a row of its own in revenue_customers"
-- columns.is_churned = "The customer file says that the customer has left by the as-of date"
with listed as (
    select
        customers.*,
        customers.is_flagged_churned
        or coalesce(customers.churn_date <= coverage.as_of, false) as is_churned
    from staging.revenue_customers as customers
    cross join intermediate.revenue_coverage as coverage
),

unlisted as (
    select distinct subscriptions.customer_id
    from staging.subscriptions as subscriptions
    left join listed on subscriptions.customer_id = listed.customer_id
    where listed.customer_id is null
),

-- earlier snapshots know customers whom today's file no longer lists
former as (
    select
        ledger.customer_id,
        ledger.account,
        ledger.segment,
        ledger.region,
        ledger.plan,
        ledger.has_left as is_churned,
        ledger.churn_reason
    from staging.customer_ledger as ledger
    inner join intermediate.customer_snapshots as snapshots
        on
            ledger.as_of = snapshots.as_of
            and ledger.known_at = snapshots.known_at
    left join listed on ledger.customer_id = listed.customer_id
    where listed.customer_id is null
    qualify
        row_number() over (
            partition by ledger.customer_id order by ledger.as_of desc
        ) = 1
),

customers as (
    select
        listed.customer_id,
        listed.account,
        listed.segment,
        listed.region,
        listed.plan,
        listed.is_churned,
        listed.churn_reason,
        true as is_listed
    from listed
    union all
    select
        unlisted.customer_id,
        cast(null as varchar) as account,
        'unknown' as segment,
        'unknown' as region,
        'unknown' as plan,
        cast(null as boolean) as is_churned,
        cast(null as varchar) as churn_reason,
        false as is_listed
    from unlisted
    union all
    select
        former.customer_id,
        former.account,
        former.segment,
        former.region,
        former.plan,
        former.is_churned,
        former.churn_reason,
        false as is_listed
    from former
)

select
    customers.customer_id,
    customers.account,
    customers.segment,
    customers.region,
    customers.plan,
    coalesce(account_channels.channel, 'unknown') as channel,
    customers.is_churned,
    customers.churn_reason,
    customers.is_listed
from customers
left join intermediate.account_channels as account_channels
    on lower(trim(customers.account)) = account_channels.account_key
