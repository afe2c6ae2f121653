-- description = "How long deals that were won stood in each stage, from the ledger: what is usual there. One row per stage and segment."
-- columns.won_stays = "Stays of won deals that the ledger saw end"
-- columns.won_p90_days = "Days that nine of ten of those stays lasted at most, interpolated"

with won as (
    select
        deals.deal_id,
        deals.segment
    from staging.pipeline_deals as deals
    where deals.status = 'Closed_Won'
),

entries as (
    select distinct
        won.deal_id,
        won.segment,
        statements.stage,
        statements.stage_since
    from intermediate.deal_statements as statements
    inner join won on statements.deal_id = won.deal_id
    where statements.status <> 'lost' and statements.stage_since is not null
),

-- a won deal's last entry is its close: nothing follows it
exits as (
    select
        entries.*,
        lead(entries.stage_since) over (
            partition by entries.deal_id
            order by entries.stage_since, entries.stage
        ) as left_on
    from entries
),

ranked as (
    select
        exits.stage,
        exits.segment,
        date_diff('day', exits.stage_since, exits.left_on) as stay_days,
        row_number() over (
            partition by exits.stage, exits.segment
            order by date_diff('day', exits.stage_since, exits.left_on)
        ) - 1 as place,
        count(*) over (partition by exits.stage, exits.segment) as stays
    from exits
    where exits.left_on is not null and exits.stage <> 'Closed_Won'
)

select
    ranked.stage,
    ranked.segment,
    max(ranked.stays) as won_stays,
    -- the two stays around the ninetieth percentile, each by its nearness
    sum(
        cast(ranked.stay_days as double)
        * greatest(0, 1 - abs(ranked.place - 0.9 * (ranked.stays - 1)))
    ) as won_p90_days
from ranked
group by ranked.stage, ranked.segment
