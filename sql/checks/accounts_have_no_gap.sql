-- description = "finance.csv has every month from its first to its last. One row per month that it lacks; what spans the gap is not known."
-- class = "warning"
-- tested = "staging.finance"
-- needs = "finance"
-- remedy = "Add the month to finance.csv."
with bounds as (
    select
        min(finance.month) as first_month,
        max(finance.month) as last_month
    from staging.finance as finance
),

spine as (
    select
        cast(
            unnest(
                generate_series(
                    bounds.first_month, bounds.last_month, interval 1 month
                )
            ) as date
        ) as month
    from bounds
)

select spine.month
from spine
left join staging.finance as finance on spine.month = finance.month
where finance.month is null
