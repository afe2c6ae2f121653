-- description = "The week, month, fiscal quarter and fiscal year of each day whose MRR is known. One row per day and grain."
-- columns.grain = "week, month, quarter or year"
-- columns.period_start = "First day of the period (policies week_start, fiscal_year_start_month)"
-- columns.period_end = "First day after the period"
with policies as (
    select
        max(case when policy.key = 'week_start' then policy.value end)
            as week_start,
        max(
            case
                when policy.key = 'fiscal_year_start_month'
                    then cast(policy.value as integer)
            end
        ) as fiscal_start
    from meta.policy as policy
),

days as (
    select
        days.*,
        policies.week_start,
        -- months since the fiscal year began: 0 to 11
        (month(days.date) + 12 - policies.fiscal_start) % 12 as fiscal_month
    from intermediate.revenue_days as days
    cross join policies
),

grains as (
    select
        days.*,
        'week' as grain,
        7 as length_days,
        0 as length_months,
        case
            when days.week_start = 'sunday'
                -- a Sunday opens the week of the Monday after it
                then
                    date_trunc('week', days.date + interval 1 day)
                    - interval 1 day
            else date_trunc('week', days.date)
        end as period_start
    from days
    union all
    select
        days.*,
        'month' as grain,
        0 as length_days,
        1 as length_months,
        days.month as period_start
    from days
    union all
    select
        days.*,
        'quarter' as grain,
        0 as length_days,
        3 as length_months,
        days.month - interval 1 month * (days.fiscal_month % 3) as period_start
    from days
    union all
    select
        days.*,
        'year' as grain,
        0 as length_days,
        12 as length_months,
        days.month - interval 1 month * days.fiscal_month as period_start
    from days
)

select
    grains.date,
    grains.grain,
    cast(grains.period_start as date) as period_start,
    cast(
        grains.period_start
        + interval 1 month * grains.length_months
        + interval 1 day * grains.length_days as date
    ) as period_end,
    grains.complete_month,
    grains.measured_month,
    grains.measured_on
from grains
