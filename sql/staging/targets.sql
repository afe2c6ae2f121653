-- description = "Targets as supplied; empty segment or owner means all. One row per metric, period, segment and owner."
-- columns.segment = "Segment the target is for; 'all' where the file leaves it empty"
-- columns.owner = "Owner the target is for; 'all' where the file leaves it empty"
-- columns.target_value = "What the period should reach, in the metric's own unit"

with source as (
    select * from raw.targets
),

renamed as (
    select
        source.metric,
        source.period_start,
        source.period_end,
        coalesce(source.segment, 'all') as segment,
        coalesce(source.owner, 'all') as owner,
        source.value as target_value,
        source._file,
        source._line,
        source._load_id,
        source._flags
    from source
)

select * from renamed
