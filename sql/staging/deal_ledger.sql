-- description = "Deals as stated for each day, labelled like today's. One row per day, origin, build from which on it is known, and deal."
-- columns.as_of = "The day whose end the row describes"
-- columns.status = "open, won or lost, as the CRM's status says"
-- columns.stage = "Stage of an open deal, status of a closed one: the status decides"
-- columns.channel = "Source channel, the marketing channel that brought the deal"
-- columns.closed_on = "Day of the last stage change of a closed deal; empty while open"
-- columns.created_on = "Day the deal was opened"
-- columns.stage_since = "Day it came to its stage, or closed"

with source as (
    select * from raw.deal_ledger
),

renamed as (
    select
        source.as_of,
        source.known_at,
        source.known_as_of,
        source.origin,
        source.is_snapshot,
        source.deal_id,
        coalesce(source.account, 'unknown') as account,
        coalesce(source.segment, 'unknown') as segment,
        coalesce(source.owner, 'unknown') as owner,
        coalesce(source.source_channel, 'unknown') as channel,
        coalesce(source.geo, 'unknown') as region,
        case source.status
            when 'Open' then 'open'
            when 'Closed_Won' then 'won'
            else 'lost'
        end as status,
        case
            when source.status = 'Open' then source.stage
            else source.status
        end as stage,
        source.amount,
        source.probability,
        source.expected_close,
        case when source.status <> 'Open' then source.last_stage_change end
            as closed_on,
        source.created_at as created_on,
        source.last_stage_change as stage_since,
        source._file,
        source._line,
        source._load_id
    from source
)

select * from renamed
