-- description = "Calendar of the days whose MRR is known. One row per day."
-- columns.date = "The day"
-- columns.month = "First day of its month"
-- columns.complete_month = "The month that ends on this day, where its movements are known"
-- columns.measured_month = "Latest month measured by the end of the day: at its own end, or at the as-of date"
-- columns.measured_on = "Day on which that month was measured"
with spine as (
    select
        unnest(
            generate_series(coverage.first_date, coverage.as_of, interval 1 day)
        ) as day,
        coverage.as_of,
        coverage.mrr_source <> 'one_snapshot' as has_history
    from intermediate.revenue_coverage as coverage
),

days as (
    select
        cast(spine.day as date) as date,
        cast(date_trunc('month', spine.day) as date) as month,
        cast(date_trunc('month', spine.day) - interval 1 month as date)
            as previous_month,
        cast(spine.day as date) = last_day(cast(spine.day as date))
            as is_month_end,
        cast(spine.day as date) = spine.as_of as is_as_of,
        spine.has_history
    from spine
)

select
    days.date,
    days.month,
    case when days.is_month_end and days.has_history then days.month end
        as complete_month,
    case
        when days.is_month_end or days.is_as_of then days.month
        else days.previous_month
    end as measured_month,
    case
        when days.is_month_end or days.is_as_of then days.date
        else last_day(days.previous_month)
    end as measured_on
from days
