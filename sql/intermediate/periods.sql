-- description = "The week, month, quarter and year each day belongs to under the policies in force. One row per day found in the data and kind of period."
-- columns.date = "A day on which something in the data happened, or the as-of date"
-- columns.grain = "week, month, quarter or year"
-- columns.period_start = "First day of the period"
-- columns.period_end = "First day after the period"

-- Only days that occur: a mistyped year 2099 adds one day, not a century.
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

days as (
    select marketing_channels.date from staging.marketing_channels
    union
    select pipeline_deals.created_at from staging.pipeline_deals
    union
    select pipeline_deals.last_stage_change from staging.pipeline_deals
    union
    select build.as_of from meta.build
),

numbered as (
    select
        days.date,
        policy.week_start,
        cast(date_trunc('month', days.date) as date) as month_start,
        -- months since the fiscal year began: 0 to 11
        (month(days.date) + 12 - policy.fiscal_year_start_month) % 12
            as months_into_year
    from days
    cross join policy
    where days.date is not null
),

started as (
    select
        numbered.date,
        'week' as grain,
        cast(
            case
                when numbered.week_start = 'sunday'
                    then date_trunc('week', numbered.date + interval 1 day)
                        - interval 1 day
                else date_trunc('week', numbered.date)
            end as date
        ) as period_start
    from numbered
    union all
    select numbered.date, 'month', numbered.month_start
    from numbered
    union all
    select
        numbered.date,
        'quarter',
        cast(
            numbered.month_start
            - interval 1 month * (numbered.months_into_year % 3) as date
        )
    from numbered
    union all
    select
        numbered.date,
        'year',
        cast(
            numbered.month_start
            - interval 1 month * numbered.months_into_year as date
        )
    from numbered
)

select
    started.date,
    started.grain,
    started.period_start,
    cast(
        case started.grain
            when 'week' then started.period_start + interval 7 day
            when 'month' then started.period_start + interval 1 month
            when 'quarter' then started.period_start + interval 3 month
            when 'year' then started.period_start + interval 12 month
        end as date
    ) as period_end
from started
