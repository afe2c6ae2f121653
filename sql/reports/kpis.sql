-- description = "Every KPI over the whole data set: stocks at the as-of date, flows over everything, trailing metrics at the last complete month. One row per KPI."
-- columns.domain = "The metrics macro the KPI comes from"
-- columns.metric = "Name of the KPI: a column of its domain's macro"
-- columns.label = "Name of the KPI for people"
-- columns.value = "The value; empty when not known"
-- columns.unit = "money, count, ratio (0 to 1), days, multiple or money_per_day"
-- columns.numerator = "What was divided, where the KPI is a division"
-- columns.denominator = "What it was divided by"
-- columns.benchmark = "Target of the benchmark for the whole, where there is one"
-- columns.as_of = "The day the numbers describe"
-- columns.period_start = "First day the value speaks about"
-- columns.period_end = "First day after the period"

-- Each column of a macro becomes a row by itself; its header line says what it is.
with measured as (
    select 'marketing' as domain, pairs.metric, pairs.value
    from (
        select cast(columns(* exclude (slice, is_total, is_partial, filters_not_applied)) as double)
        from metrics.marketing()
    ) unpivot include nulls (value for metric in (columns(*))) as pairs
    union all
    select 'pipeline' as domain, pairs.metric, pairs.value
    from (
        select cast(columns(* exclude (slice, is_total, is_partial, filters_not_applied)) as double)
        from metrics.pipeline()
    ) unpivot include nulls (value for metric in (columns(*))) as pairs
    union all
    select 'revenue' as domain, pairs.metric, pairs.value
    from (
        select cast(columns(* exclude (slice, is_total, is_partial, filters_not_applied)) as double)
        from metrics.revenue()
    ) unpivot include nulls (value for metric in (columns(*))) as pairs
),

months as (
    select
        build.as_of,
        cast(date_trunc('month', build.as_of + 1) as date) as complete_until
    from meta.build
),

-- a return is measured over the days that both of its files cover
windows as (
    select 'marketing' as domain, false as is_return, coverage.marketing_first_date as first_date, coverage.marketing_last_date as last_date
    from intermediate.coverage
    union all
    select 'marketing', true, greatest(coverage.marketing_first_date, coverage.deals_first_date), least(coverage.marketing_last_date, coverage.deals_last_date)
    from intermediate.coverage
    union all
    select 'pipeline', false, coverage.deals_first_date, coverage.deals_last_date
    from intermediate.coverage
    union all
    select 'revenue', false, revenue_coverage.first_date, revenue_coverage.as_of
    from intermediate.revenue_coverage
)

select
    catalogue.domain,
    catalogue.metric,
    catalogue.label,
    measured.value,
    catalogue.unit,
    numerators.value as numerator,
    denominators.value as denominator,
    benchmarks.target_value as benchmark,
    months.as_of,
    case catalogue.time_window
        when 'flow' then windows.first_date
        when 'stock' then months.as_of
        when 'last_month' then cast(months.complete_until - interval 1 month as date)
        when 'last_12_months' then cast(months.complete_until - interval 12 months as date)
    end as period_start,
    case
        when catalogue.time_window = 'flow' then windows.last_date + 1
        when catalogue.time_window = 'stock' then months.as_of + 1
        else months.complete_until
    end as period_end
from meta.metrics as catalogue
cross join months
inner join measured
    on catalogue.domain = measured.domain and catalogue.metric = measured.metric
left join measured as numerators
    on catalogue.domain = numerators.domain and catalogue.numerator = numerators.metric
left join measured as denominators
    on catalogue.domain = denominators.domain and catalogue.denominator = denominators.metric
left join windows
    on catalogue.domain = windows.domain and windows.is_return = (catalogue.metric = 'roi')
left join marts.benchmarks
    on catalogue.benchmark = benchmarks.metric_type and benchmarks.slice is null and benchmarks.is_usable
where catalogue.role = 'kpi'
order by catalogue.domain, catalogue.position
