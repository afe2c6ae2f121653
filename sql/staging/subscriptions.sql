-- description = "Subscription periods, cleaned. One row per subscription and start date."
-- columns.end_date = "First day no longer paid; empty while the period runs"
-- columns.mrr = "Monthly recurring revenue of the period; 0 during a trial"
with source as (
    select * from raw.subscriptions
),

renamed as (
    select
        source.subscription_id,
        source.customer_id,
        source.start_date,
        source.end_date,
        source.mrr,
        coalesce(source.plan, 'unknown') as plan,
        source._file,
        source._line,
        source._load_id
    from source
)

select * from renamed
