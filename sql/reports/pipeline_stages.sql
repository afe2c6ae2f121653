-- description = "Open pipeline by stage in the order of the sales process. One row per stage that may be open, and per other stage an open deal stands in."
-- columns.position = "Place in the sales process, from 1"
-- columns.share_of_open_pipeline = "Share of the known amounts of all open deals in the selection"

create or replace macro reports.pipeline_stages(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null) as table
with stages as (
    select * from metrics.pipeline(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, owners := owners,
        "by" := 'stage'
    )
)

select
    members.position,
    members.member as stage,
    -- a stage that no deal stands in holds 0 where the stock is known at all
    case
        when stages.slice is null then total.open_deals * 0
        else stages.open_deals
    end as open_deals,
    stages.open_pipeline,
    stages.open_pipeline_unknown_rows,
    stages.weighted_pipeline,
    stages.weighted_pipeline_unknown_rows,
    stages.average_deal,
    stages.open_pipeline / nullif(total.open_pipeline, 0)
        as share_of_open_pipeline,
    case
        when stages.slice is null then total.open_deals * 0
        else stages.stuck_deals
    end as stuck_deals,
    stages.stuck_deals_unknown_rows,
    stages.stuck_amount,
    stages.stuck_amount_unknown_rows,
    total.is_partial,
    total.filters_not_applied
from meta.members
inner join stages as total
    on total.is_total
left join stages
    on members.member = stages.slice and not stages.is_total
where
    members.kind = 'stage'
    and (
        members.member not in ('Closed_Won', 'Closed_Lost')
        or stages.open_deals > 0
    )
order by members.position
