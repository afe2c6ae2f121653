-- description = "The deals behind the pipeline metrics and what each adds; a column's sum is the metric or part of that name. One row per deal that is open at the window's end or was closed within the window."
-- columns.source_file = "Input file the row stands in"
-- columns.source_lines = "Line of that file"
-- columns.record = "What the row is"
-- columns.won_cycle_days = "Days from creation to close of a won deal"

create or replace macro reports.evidence_pipeline(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null) as table
with today as (
    select
        deals._file as source_file,
        cast(deals._line as varchar) as source_lines,
        deals.account,
        deals.status,
        deals.amount,
        facts.*
    from marts.deal_facts as facts
    inner join marts.deals on facts.deal_id = deals.deal_id
    where
        (since is null or facts.event_date >= since)
        and (until is null or facts.event_date < until)
),

-- before the as-of date a stock is what the ledger knows of the window's last day
statements as (
    select
        deals.deal_id,
        deals._file as source_file,
        cast(deals._line as varchar) as source_lines
    from staging.deal_ledger as deals
    where deals.as_of < until
    qualify
        row_number() over (
            partition by deals.deal_id
            order by deals.as_of desc, deals.known_at desc, deals._line desc
        ) = 1
),

past as (
    select
        statements.source_file,
        statements.source_lines,
        states.account,
        'Open' as status,
        states.amount,
        states.deal_id,
        cast(until - 1 as date) as event_date,
        states.segment,
        states.channel,
        states.owner,
        states.stage,
        states.region,
        1 as open_deals,
        case when states.amount is null then 0 else 1 end as priced_open_deals,
        states.amount as open_amount,
        cast(
            cast(states.amount as double) * states.probability
            as decimal(18, 6)
        ) as weighted_amount
    from marts.deal_states as states
    cross join intermediate.coverage
    cross join intermediate.deal_coverage as ledger
    left join statements on states.deal_id = statements.deal_id
    where
        states.status = 'open'
        and states.valid_from < until
        and states.valid_to > until - 1
        and until - 1 < coverage.as_of
        and until - 1 >= ledger.first_date
),

found as (
    select * from today
    union all by name
    select * from past
)

select
    found.source_file,
    found.source_lines,
    found.status || ' deal ' || found.deal_id as record,
    found.event_date as date,
    found.account,
    found.segment,
    found.channel,
    found.owner,
    found.stage,
    found.region,
    found.amount,
    nullif(found.open_deals, 0) as open_deals,
    nullif(found.priced_open_deals, 0) as priced_open_deals,
    found.open_amount as open_pipeline,
    found.weighted_amount as weighted_pipeline,
    nullif(found.stuck_deals, 0) as stuck_deals,
    found.stuck_amount,
    nullif(found.won_deals, 0) as won_deals,
    nullif(found.lost_deals, 0) as lost_deals,
    nullif(found.won_deals + found.lost_deals, 0) as closed_deals,
    found.won_amount,
    found.won_cycle_days,
    nullif(found.decided_deals, 0) as decided_deals,
    nullif(found.decided_won_deals, 0) as decided_won_deals,
    found.decided_amount,
    found.decided_won_amount,
    nullif(found.closed_after_as_of_deals, 0) as closed_after_as_of_deals
from found
cross join intermediate.coverage
where
    (segments is null or list_contains(segments, found.segment))
    and (channels is null or list_contains(channels, found.channel))
    and (owners is null or list_contains(owners, found.owner))
    and (
        regions is null
        or not coverage.has_deal_regions
        or list_contains(regions, found.region)
    )
order by found.event_date desc, found.deal_id
