-- description = "The marketing funnel with each stage's share of the one before and of the first. One row per stage."
-- columns.position = "Place in the funnel, from 1"
-- columns.metric = "The stage, by its metric's name"
-- columns.label = "The stage, for people"
-- columns.stage_count = "How many were counted in the window"
-- columns.share_of_previous = "Share of the stage before counted in the same window: period counts, not one cohort followed through"
-- columns.share_of_first = "Share of the first stage counted in the same window"

create or replace macro reports.marketing_funnel(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, campaigns := null) as table
with counted as (
    select
        marketing.is_partial,
        marketing.filters_not_applied,
        unnest([
            {'position': 1, 'metric': 'impressions', 'count': marketing.impressions},
            {'position': 2, 'metric': 'clicks', 'count': marketing.clicks},
            {'position': 3, 'metric': 'leads', 'count': marketing.leads},
            {'position': 4, 'metric': 'mqls', 'count': marketing.mqls},
            {'position': 5, 'metric': 'sqls', 'count': marketing.sqls},
            {'position': 6, 'metric': 'opportunities', 'count': marketing.opportunities},
            {'position': 7, 'metric': 'closed_won', 'count': marketing.closed_won}
        ]) as stage
    from metrics.marketing(
        since := since, until := until, segments := segments, channels := channels,
        regions := regions, campaigns := campaigns
    ) as marketing
)

select
    counted.stage.position as position,
    counted.stage.metric as metric,
    catalogue.label,
    counted.stage.count as stage_count,
    stage_count / nullif(lag(stage_count) over funnel, 0) as share_of_previous,
    stage_count / nullif(first_value(stage_count) over funnel, 0) as share_of_first,
    counted.is_partial,
    counted.filters_not_applied
from counted
inner join meta.metrics as catalogue
    on catalogue.domain = 'marketing' and catalogue.metric = counted.stage.metric
window funnel as (order by counted.stage.position)
order by position
