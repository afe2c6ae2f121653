-- description = "Monthly figures of the accounts as supplied. One row per month."

with source as (
    select * from raw.finance
),

renamed as (
    select
        source.month,
        source.sales_marketing_expense,
        source.revenue,
        source.cost_of_revenue,
        source.net_burn,
        source._file,
        source._line,
        source._load_id,
        source._flags
    from source
)

select * from renamed
