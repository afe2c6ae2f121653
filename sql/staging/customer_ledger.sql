-- description = "Customers as stated for each day by today's file and earlier builds, labelled like today's. One row per day, build from which on it is known, and customer."
-- columns.stated_mrr = "MRR as stated for the day; 0 once the customer has left by it"
-- columns.has_left = "Stated to have left by the day"
with source as (
    select * from raw.customer_ledger
),

renamed as (
    select
        source.as_of,
        source.known_at,
        source.customer_id,
        source.account,
        coalesce(source.segment, 'unknown') as segment,
        coalesce(source.geo, 'unknown') as region,
        coalesce(source.plan, 'unknown') as plan,
        coalesce(source.churned_flag, false)
        or coalesce(source.churn_date <= source.as_of, false) as has_left,
        case
            when
                coalesce(source.churned_flag, false)
                or coalesce(source.churn_date <= source.as_of, false)
                then 0
            else source.mrr
        end as stated_mrr,
        source.churn_date,
        source.churn_reason,
        source._file,
        source._line,
        source._load_id
    from source
    where source.start_date <= source.as_of
)

select * from renamed
