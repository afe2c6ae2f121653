-- description = "Where deals that entered a stage in the window have gone since: entries = advanced + lost + moved back + still there. One row per stage."
-- columns.entries = "Deals seen entering the stage, each time they do; those removed from there are counted beside"
-- columns.advanced = "Went on to a later stage or were won"
-- columns.lost = "Were lost from this stage"
-- columns.moved_back = "Went back to an earlier stage"
-- columns.still_there = "Stand there on the last day known"
-- columns.removed = "Vanished from the CRM while there, deleted or merged: in no other column"
-- columns.conversion = "Advanced divided by entries; entries still there may yet advance"
-- columns.decided_conversion = "Advanced divided by entries that have left"
-- columns.stood_there_before = "Deals in the stage when the ledger began: when they entered is not known, they are in no other column"
create or replace macro reports.stage_conversion(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null, known_on := cast(null as date)) as table
with selected as (
    select stays.*
    from reports.stage_stays(known_on := known_on) as stays
    cross join intermediate.coverage
    where
        (since is null or stays.entered_on >= since)
        and (until is null or stays.entered_on < until)
        and (segments is null or list_contains(segments, stays.segment))
        and (channels is null or list_contains(channels, stays.channel))
        and (owners is null or list_contains(owners, stays.owner))
        and (
            regions is null
            or not coverage.has_deal_regions
            or list_contains(regions, stays.region)
        )
),

entered as (
    select
        selected.stage,
        count(*) filter (
            where selected.is_entry_known and selected.outcome <> 'removed'
        ) as entries,
        count(*) filter (
            where selected.is_entry_known and selected.outcome = 'advanced'
        ) as advanced,
        count(*) filter (
            where selected.is_entry_known and selected.outcome = 'lost'
        ) as lost,
        count(*) filter (
            where selected.is_entry_known and selected.outcome = 'moved_back'
        ) as moved_back,
        count(*) filter (
            where selected.is_entry_known and selected.outcome = 'still_there'
        ) as still_there,
        count(*) filter (
            where selected.is_entry_known and selected.outcome = 'removed'
        ) as removed,
        count(*) filter (where not selected.is_entry_known)
            as stood_there_before
    from selected
    group by selected.stage
),

covered as (
    select
        coalesce(
            since <= coverage.first_date
            or until > coverage.last_date + 1
            or since > coverage.last_date
            or until <= coverage.first_date,
            false
        ) as is_partial,
        case
            when coverage.first_date is null
                then 'nothing was known of deals then'
            when until <= coverage.first_date
                then 'deals are known from ' || coverage.first_date || ' on'
            when since > coverage.last_date
                then 'deals are known up to ' || coverage.last_date
        end as reason_not_known
    from reports.ledger_coverage(known_on := known_on) as coverage
),

stages as (
    select
        coalesce(members.member, entered.stage) as stage,
        members.position,
        entered.* exclude (stage)
    from (
        select *
        from meta.members as members
        where members.kind = 'stage'
    ) as members
    full join entered
        on members.member = entered.stage
    where
        -- the CRM may leave a closed stage open: shown where it happens
        entered.stage is not null
        or members.member not in ('Closed_Won', 'Closed_Lost')
),

filled as (
    select
        stages.*,
        covered.*,
        case when covered.reason_not_known is null then 0 end as nothing
    from stages
    cross join covered
)

select
    filled.stage,
    filled.position,
    coalesce(filled.entries, filled.nothing) as entries,
    coalesce(filled.advanced, filled.nothing) as advanced,
    coalesce(filled.lost, filled.nothing) as lost,
    coalesce(filled.moved_back, filled.nothing) as moved_back,
    coalesce(filled.still_there, filled.nothing) as still_there,
    filled.advanced / nullif(filled.entries, 0) as conversion,
    filled.advanced / nullif(filled.entries - filled.still_there, 0)
        as decided_conversion,
    coalesce(filled.removed, filled.nothing) as removed,
    coalesce(filled.stood_there_before, filled.nothing) as stood_there_before,
    filled.is_partial,
    filled.reason_not_known,
    case
        when regions is null or coverage.has_deal_regions then []
        else ['regions']
    end as filters_not_applied
from filled
cross join intermediate.coverage
order by filled.position nulls last, filled.stage
