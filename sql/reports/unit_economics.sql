-- description = "Unit economics as rows, with why one is not known. One row per KPI of the accounts."
-- columns.month = "The last month of the 3 or 12 that the value speaks about"
-- columns.value = "The value; empty when not known"
-- columns.reason = "Why there is no value"
create or replace macro reports.unit_economics(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
with totals as (
    select finance.* exclude (slice, is_partial)
    from metrics.finance(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, plans := plans
    ) as finance
    where finance.is_total
),

numbers as (
    select
        totals.filters_not_applied,
        cast(columns(totals.* exclude (is_total, filters_not_applied))
            as double)
    from totals
),

figures as (
    select long.*
    from numbers unpivot include nulls (
        value for metric in (columns(* exclude (filters_not_applied)))
    ) as long
),

last_month as (
    select max(periods.month) as month
    from intermediate.month_periods as periods
    where
        (since is null or periods.last_date >= since)
        and (until is null or periods.last_date < until)
),

accounts as (
    select
        coalesce(bool_or(loads.is_present), false) as is_supplied
    from meta.loads
    where loads.dataset = 'finance'
),

parts as (
    select
        max(figures.value) filter (figures.metric = 'revenue_12m') as revenue,
        max(figures.value) filter (
            figures.metric = 'sales_marketing_expense_3m'
        ) as expense
    from figures
)

select
    catalogue.metric,
    catalogue.label,
    catalogue.unit,
    catalogue.time_window,
    last_month.month,
    figures.value,
    case
        when figures.value is not null then null
        when not accounts.is_supplied then 'finance.csv was not supplied'
        when len(figures.filters_not_applied) > 0
            then 'finance.csv speaks of the whole company: no '
                || array_to_string(figures.filters_not_applied, ', ')
        when last_month.month is null
            then 'no month of finance.csv ends in the window'
        when
            coverage.mrr_source = 'one_snapshot'
            and catalogue.metric
            not in ('gross_margin', 'magic_number', 'rule_of_40')
            then 'from one snapshot, what customers paid before is unknown'
        when
            parts.expense is null
            or (
                parts.revenue is null
                and catalogue.time_window = 'last_12_months'
            )
            then 'finance.csv lacks a month of those it speaks about'
        when catalogue.metric in ('magic_number', 'rule_of_40')
            then 'finance.csv lacks a month of those before, or they are 0'
        when catalogue.metric = 'burn_multiple' then 'ARR did not grow'
        when catalogue.metric in ('ltv', 'ltv_to_cac')
            then 'no churn, no customers or no margin to divide by'
        else 'no new customers to divide by'
    end as reason,
    figures.filters_not_applied
from meta.metrics as catalogue
inner join figures on catalogue.metric = figures.metric
cross join last_month
cross join accounts
cross join parts
cross join intermediate.revenue_coverage as coverage
where catalogue.domain = 'finance' and catalogue.role = 'kpi'
order by catalogue.position;
