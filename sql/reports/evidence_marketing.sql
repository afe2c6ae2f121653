-- description = "The input rows behind the marketing metrics and what each adds; a column's sum is the metric or part of that name. One row per marketing row, and one per won deal of a channel with spend."
-- columns.source_file = "Input file the row stands in"
-- columns.source_lines = "Line of that file, or its lines"
-- columns.record = "What the row is"
-- columns.linked_spend = "Spend that counts in ROI; empty where no deal names the channel, or the deals do not cover the day"
-- columns.linked_won_deals = "1 for a won deal that counts in ROI"

create or replace macro reports.evidence_marketing(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, campaigns := null) as table
-- Returns carry no campaign, and no region unless the deals do: as in the metrics,
-- such filters find none of them.
with spent as (
    select
        spend._file as source_file,
        cast(spend._line as varchar) as source_lines,
        'Ad spend' as record,
        spend.date,
        spend.channel,
        spend.campaign,
        spend.segment,
        spend.region,
        spend.spend,
        spend.impressions,
        spend.clicks,
        spend.leads,
        spend.mqls,
        spend.sqls,
        spend.opportunities,
        spend.closed_won,
        case when spend.supplied_roi is not null then spend.spend end
            as spend_with_reported_roi,
        cast(spend.spend as double) * spend.supplied_roi as reported_return,
        case
            when
                campaigns is null
                and (regions is null or coverage.has_deal_regions)
                and spend.date >= coverage.deals_first_date
                and spend.date <= coverage.deals_last_date
                and spend.channel in (
                    select deals.channel
                    from marts.deals
                    where deals.channel <> 'unknown'
                )
                then spend.spend
        end as linked_spend
    from staging.marketing_channels as spend
    cross join intermediate.coverage
),

won as (
    select
        deals._file as source_file,
        cast(deals._line as varchar) as source_lines,
        'Won deal ' || deals.deal_id as record,
        deals.close_date as date,
        deals.channel,
        deals.segment,
        case when coverage.has_deal_regions then deals.region end as region,
        1 as linked_won_deals,
        deals.amount as linked_won_amount
    from marts.deals
    cross join intermediate.coverage
    where
        deals.is_won
        and deals.channel <> 'unknown'
        and deals.channel in (
            select marketing.channel from marts.marketing_daily as marketing
        )
        and (
            deals.close_date is null
            or deals.is_dated_after_as_of
            or (
                deals.close_date >= coverage.marketing_first_date
                and deals.close_date <= coverage.marketing_last_date
            )
        )
),

found as (
    select * from spent
    union all by name
    select * from won
)

select found.*
from found
where
    (since is null or found.date >= since)
    and (until is null or found.date < until)
    and (segments is null or list_contains(segments, found.segment))
    and (channels is null or list_contains(channels, found.channel))
    and (regions is null or list_contains(regions, found.region))
    and (campaigns is null or list_contains(campaigns, found.campaign))
order by found.date, found.source_file, found.record, found.source_lines
