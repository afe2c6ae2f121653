-- description = "The marketing funnel with each stage's share of the one before and of the first. One row per stage."
-- columns.position = "Place in the funnel, from 1"
-- columns.metric = "The stage, by its metric's name"
-- columns.label = "The stage, for people"
-- columns.stage_count = "How many were counted in the window"
-- columns.share_of_previous = "Share of the stage before counted in the same window: period counts, not one cohort followed through"
-- columns.share_of_first = "Share of the first stage counted in the same window"

create or replace macro reports.marketing_funnel(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, campaigns := null) as table
with total as (
    select * from metrics.marketing(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, campaigns := campaigns
    )
),

stages as (
    select
        counts.metric,
        counts.stage_count,
        counts.is_partial,
        counts.filters_not_applied
    from total unpivot include nulls (
        stage_count for metric in (
            impressions, clicks, leads, mqls, sqls, opportunities, closed_won
        )
    ) as counts
)

select
    row_number() over funnel as position,
    stages.metric,
    catalogue.label,
    stages.stage_count,
    stages.stage_count / nullif(lag(stages.stage_count) over funnel, 0)
        as share_of_previous,
    stages.stage_count / nullif(first_value(stages.stage_count) over funnel, 0)
        as share_of_first,
    stages.is_partial,
    stages.filters_not_applied
from stages
inner join meta.metrics as catalogue
    on stages.metric = catalogue.metric and catalogue.domain = 'marketing'
-- the catalogue lists the metrics in the order of the funnel
window funnel as (order by catalogue.position)
order by position
