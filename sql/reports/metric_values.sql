-- description = "The metrics of all domains as rows, for whoever wants to loop over them. One row per domain, slice and metric."
-- columns.domain = "The metrics macro the value comes from"
-- columns.metric = "Name of the metric: a column of its domain's macro"
-- columns.value = "The value; empty when not known"

create or replace macro reports.metric_values(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, "by" := null) as table
with marketing as (
    select * from metrics.marketing(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := "by"
    )
),

pipeline as (
    select * from metrics.pipeline(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := "by"
    )
),

revenue as (
    select * from metrics.revenue(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := "by"
    )
),

-- the accounts know periods and no slices
finance as (
    select * from metrics.finance(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions,
        "by" := case
            when "by" in ('week', 'month', 'quarter', 'year') then "by"
        end
    )
),

-- a column added to a macro becomes a row by itself
marketing_numbers as (
    select
        marketing.slice,
        marketing.is_total,
        cast(columns(
            * exclude (slice, is_total, is_partial, filters_not_applied)
        ) as double)
    from marketing
),

pipeline_numbers as (
    select
        pipeline.slice,
        pipeline.is_total,
        cast(columns(
            * exclude (slice, is_total, is_partial, filters_not_applied)
        ) as double)
    from pipeline
),

revenue_numbers as (
    select
        revenue.slice,
        revenue.is_total,
        cast(columns(
            * exclude (slice, is_total, is_partial, filters_not_applied)
        ) as double)
    from revenue
),

finance_numbers as (
    select
        finance.slice,
        finance.is_total,
        cast(columns(
            * exclude (slice, is_total, is_partial, filters_not_applied)
        ) as double)
    from finance
)

select 'marketing' as domain, numbers.*
from marketing_numbers unpivot include nulls (
    value for metric in (columns(* exclude (slice, is_total)))
) as numbers
union all
select 'pipeline' as domain, numbers.*
from pipeline_numbers unpivot include nulls (
    value for metric in (columns(* exclude (slice, is_total)))
) as numbers
union all
select 'revenue' as domain, numbers.*
from revenue_numbers unpivot include nulls (
    value for metric in (columns(* exclude (slice, is_total)))
) as numbers
union all
select 'finance' as domain, numbers.*
from finance_numbers unpivot include nulls (
    value for metric in (columns(* exclude (slice, is_total)))
) as numbers
