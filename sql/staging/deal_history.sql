-- description = "Deals as they stood at each snapshot, labelled like today's. One row per snapshot and deal."
-- columns.snapshot_date = "The day whose end the snapshot describes"
-- columns.account = "Account; 'unknown' where the file leaves it empty"
-- columns.segment = "Segment; 'unknown' where the file leaves it empty"
-- columns.owner = "Owner; 'unknown' where the file leaves it empty"
-- columns.source_channel = "The channel that brought the deal; 'unknown' where the file leaves it empty"
-- columns.region = "Region (geo); 'unknown' where the file has none"
-- columns.supplied_days_in_stage = "The file's own days in stage: compared, never used"
-- columns.supplied_expected_value = "The file's own expected value: compared, never used"

with source as (
    select * from raw.deal_history
),

renamed as (
    select
        source.snapshot_date,
        source.deal_id,
        coalesce(source.account, 'unknown') as account,
        coalesce(source.segment, 'unknown') as segment,
        coalesce(source.owner, 'unknown') as owner,
        coalesce(source.source_channel, 'unknown') as source_channel,
        coalesce(source.geo, 'unknown') as region,
        source.stage,
        source.status,
        source.amount,
        source.probability,
        source.created_at,
        source.expected_close,
        source.last_stage_change,
        source.loss_reason,
        source.days_in_stage as supplied_days_in_stage,
        source.expected_value as supplied_expected_value,
        source._file,
        source._line,
        source._load_id,
        source._flags
    from source
)

select * from renamed
