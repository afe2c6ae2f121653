-- description = "Deals that entered a stage have advanced, were lost, moved back or are still there. One row per stage where that does not add up."
-- class = "error"
-- tested = "select count(*) from reports.stage_stays() where is_entry_known"
-- remedy = "A stay has no outcome in sql/reports/stage_stays.sql, or its stage is not listed."

with stays as (
    select
        stays.stage,
        count(*) as entries
    from reports.stage_stays() as stays
    where stays.is_entry_known and stays.outcome <> 'removed'
    group by stays.stage
)

select
    coalesce(stages.stage, stays.stage) as stage,
    stages.entries,
    stays.entries as stays,
    stages.advanced,
    stages.lost,
    stages.moved_back,
    stages.still_there
from reports.stage_conversion() as stages
full join stays
    on stages.stage = stays.stage
where
    stages.entries is distinct from coalesce(stays.entries, 0)
    or stages.entries
    <> stages.advanced + stages.lost + stages.moved_back + stages.still_there
