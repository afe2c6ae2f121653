-- description = "The week, month, quarter and year each day belongs to under the policies in force. One row per day and kind of period."
-- columns.grain = "week, month, quarter or year"
-- columns.period_start = "First day of the period"
-- columns.period_end = "First day after the period"

with policy as (
    select
        max(case when policy.key = 'week_start' then policy.value end)
            as week_start,
        max(
            case
                when policy.key = 'fiscal_year_start_month'
                    then cast(policy.value as bigint)
            end
        ) as fiscal_year_start_month
    from meta.policy
),

numbered as (
    select
        days.date,
        policy.week_start,
        cast(date_trunc('month', days.date) as date) as month_start,
        -- months since the fiscal year began: 0 to 11
        (month(days.date) + 12 - policy.fiscal_year_start_month) % 12
            as months_into_year
    from intermediate.days
    cross join policy
),

started as (
    select
        numbered.date,
        'week' as grain,
        7 as days,
        0 as months,
        case
            when numbered.week_start = 'sunday'
                then
                    date_trunc('week', numbered.date + interval 1 day)
                    - interval 1 day
            else date_trunc('week', numbered.date)
        end as period_start
    from numbered
    union all
    select numbered.date, 'month', 0, 1, numbered.month_start
    from numbered
    union all
    select
        numbered.date, 'quarter', 0, 3,
        numbered.month_start
        - interval 1 month * (numbered.months_into_year % 3)
    from numbered
    union all
    select
        numbered.date, 'year', 0, 12,
        numbered.month_start - interval 1 month * numbered.months_into_year
    from numbered
)

select
    started.date,
    started.grain,
    cast(started.period_start as date) as period_start,
    cast(
        started.period_start
        + interval 1 day * started.days
        + interval 1 month * started.months
        as date
    ) as period_end
from started
