-- description = "What each owner closed and has open. One row per owner."
-- columns.owner = "Owner of the deals"
-- columns.win_rate_rank = "Place by win rate among owners with at least 20 closed deals; empty below, where chance decides"
-- columns.is_ranked = "At least 20 closed deals in the window"

create or replace macro reports.owner_performance(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null) as table
with owners_in_selection as (
    select
        pipeline.slice as owner,
        pipeline.decided_deals >= 20 as is_ranked,
        pipeline.* exclude (slice, is_total)
    from metrics.pipeline(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, owners := owners,
        "by" := 'owner'
    ) as pipeline
    where not pipeline.is_total
)

select
    owners_in_selection.owner,
    case
        when owners_in_selection.is_ranked
            then rank() over (
                partition by owners_in_selection.is_ranked
                order by owners_in_selection.win_rate desc
            )
    end as win_rate_rank,
    owners_in_selection.* exclude (owner)
from owners_in_selection
order by win_rate_rank nulls last, owners_in_selection.owner
