-- description = "The week, month, fiscal quarter and fiscal year that the last day of each complete month of finance.csv lies in. One row per month and grain."
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

months as (
    select
        finance.month,
        last_day(finance.month) as last_date,
        policies.week_start,
        -- months since the fiscal year began: 0 to 11
        (month(finance.month) + 12 - policies.fiscal_start) % 12 as fiscal_month
    from staging.finance as finance
    cross join policies
    cross join intermediate.revenue_coverage as coverage
    where last_day(finance.month) <= coverage.as_of
),

grains as (
    select
        months.*,
        'week' as grain,
        0 as length_months,
        case
            when months.week_start = 'sunday'
                then
                    date_trunc('week', months.last_date + interval 1 day)
                    - interval 1 day
            else date_trunc('week', months.last_date)
        end as period_start
    from months
    union all
    select
        months.*,
        'month' as grain,
        1 as length_months,
        months.month as period_start
    from months
    union all
    select
        months.*,
        'quarter' as grain,
        3 as length_months,
        months.month - interval 1 month * (months.fiscal_month % 3)
            as period_start
    from months
    union all
    select
        months.*,
        'year' as grain,
        12 as length_months,
        months.month - interval 1 month * months.fiscal_month as period_start
    from months
)

select
    grains.month,
    grains.last_date,
    grains.grain,
    cast(grains.period_start as date) as period_start,
    cast(
        grains.period_start
        + interval 1 month * grains.length_months
        + interval 7 day * case when grains.grain = 'week' then 1 else 0 end
        as date
    ) as period_end
from grains
