-- description = "Every KPI over the whole data set: stocks at the as-of date, flows over everything, trailing metrics at the last complete month. One row per KPI."
-- columns.label = "Name of the KPI for people"
-- columns.unit = "money, count, ratio (0 to 1), days, multiple or money_per_day"
-- columns.numerator = "What was divided, where the KPI is a division"
-- columns.denominator = "What it was divided by"
-- columns.benchmark = "Target of the benchmark for the whole, where there is one"
-- columns.as_of = "The day the numbers describe"
-- columns.period_start = "First day the value speaks about"
-- columns.period_end = "First day after the period"

with totals as (
    select
        metric_values.domain,
        metric_values.metric,
        metric_values.value
    from reports.metric_values() as metric_values
    where metric_values.is_total
),

-- trailing metrics end with the last month that is complete
months as (
    select
        domains.domain,
        build.as_of,
        case
            -- the accounts may close later than the as-of date
            when domains.domain = 'finance' then covered.last_date + 1
            else cast(date_trunc('month', build.as_of + 1) as date)
        end as complete_until
    from meta.domains
    cross join meta.build
    left join intermediate.domain_coverage as covered
        on
            domains.domain = covered.domain
            and not covered.is_return
)

select
    catalogue.domain,
    catalogue.metric,
    catalogue.label,
    totals.value,
    catalogue.unit,
    numerators.value as numerator,
    denominators.value as denominator,
    benchmarks.target_value as benchmark,
    months.as_of,
    cast(
        case catalogue.time_window
            when 'flow' then covered.first_date
            when 'stock' then months.as_of
            when 'last_month' then months.complete_until - interval 1 month
            when 'last_3_months'
                then months.complete_until - interval 3 month
            when 'last_12_months'
                then months.complete_until - interval 12 month
        end as date
    ) as period_start,
    case catalogue.time_window
        when 'flow' then covered.last_date + 1
        when 'stock' then months.as_of + 1
        else months.complete_until
    end as period_end
from meta.metrics as catalogue
inner join months on catalogue.domain = months.domain
inner join totals
    on catalogue.domain = totals.domain
    and catalogue.metric = totals.metric
left join totals as numerators
    on catalogue.domain = numerators.domain
    and catalogue.numerator = numerators.metric
left join totals as denominators
    on catalogue.domain = denominators.domain
    and catalogue.denominator = denominators.metric
left join intermediate.domain_coverage as covered
    on catalogue.domain = covered.domain
    and covered.is_return = (catalogue.metric = 'roi')
left join marts.benchmarks
    on catalogue.benchmark = benchmarks.metric_type
    and benchmarks.slice is null
    and benchmarks.is_usable
where catalogue.role = 'kpi'
order by catalogue.domain, catalogue.position
