-- description = "How long deals stayed in each stage before they left it, in total and by segment. One row per stage and slice."
-- columns.dimension = "total or segment"
-- columns.slice = "Segment on entering the stage; empty for the total"
-- columns.ended_stays = "Stays that ended within the window and whose first day is known"
-- columns.median_days = "Days that half of them stayed within"
-- columns.p75_days = "Days that three quarters of them stayed within"
-- columns.p90_days = "Days that nine of ten stayed within"
-- columns.won_p90_days = "Days that nine of ten stays of deals won in the end stayed within"
-- columns.running_stays = "Deals that stand in the stage on the last day known, since whenever"
-- columns.running_median_days = "Days that half of those standing there have stayed within so far, where the first day is known"
create or replace macro reports.time_in_stage(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null, known_on := cast(null as date)) as table
with selected as (
    select
        stays.*,
        stays.is_entry_known
        and stays.left_on is not null
        and (since is null or stays.left_on >= since)
        and (until is null or stays.left_on < until) as has_ended,
        stays.left_on is null as is_running
    from reports.stage_stays(known_on := known_on) as stays
    cross join intermediate.coverage
    where
        (segments is null or list_contains(segments, stays.segment))
        and (channels is null or list_contains(channels, stays.channel))
        and (owners is null or list_contains(owners, stays.owner))
        and (
            regions is null
            or not coverage.has_deal_regions
            or list_contains(regions, stays.region)
        )
)

select
    selected.stage,
    selected.position,
    case grouping(selected.segment) when 1 then 'total' else 'segment' end
        as dimension,
    selected.segment as slice,
    count(*) filter (where selected.has_ended) as ended_stays,
    avg(selected.stay_days) filter (where selected.has_ended) as mean_days,
    median(selected.stay_days) filter (where selected.has_ended) as median_days,
    quantile_cont(selected.stay_days, 0.75)
        filter (where selected.has_ended) as p75_days,
    quantile_cont(selected.stay_days, 0.9)
        filter (where selected.has_ended) as p90_days,
    quantile_cont(selected.stay_days, 0.9)
        filter (where selected.has_ended and selected.is_won_deal)
        as won_p90_days,
    count(*) filter (where selected.is_running) as running_stays,
    median(selected.stay_days)
        filter (where selected.is_running and selected.is_entry_known)
        as running_median_days
from selected
group by grouping sets (
    (selected.stage, selected.position),
    (selected.stage, selected.position, selected.segment)
)
order by selected.position, dimension desc, slice
