-- description = "Month spine of the revenue history, up to the month of the as-of date. One row per month."
-- columns.month = "First day of the month"
-- columns.measured_on = "Day at whose end the month's MRR is taken: its last day, or the as-of date while it runs"
-- columns.is_partial = "The as-of date lies before the month's last day"
with bounds as (
    select
        cast(date_trunc('month', coverage.first_date) as date) as first_month,
        cast(date_trunc('month', coverage.as_of) as date) as last_month,
        coverage.as_of
    from intermediate.revenue_coverage as coverage
),

-- from first days: a spine from the 31st would drift to the 28th
spine as (
    select
        unnest(
            generate_series(
                bounds.first_month, bounds.last_month, interval 1 month
            )
        ) as first_day,
        bounds.as_of
    from bounds
),

months as (
    select
        cast(spine.first_day as date) as month,
        last_day(cast(spine.first_day as date)) as last_day_of_month,
        spine.as_of
    from spine
)

select
    months.month,
    least(months.last_day_of_month, months.as_of) as measured_on,
    months.last_day_of_month > months.as_of as is_partial
from months
