-- description = "Spend of channels that deals name as their source, and what those deals won. One row per day, channel, segment and region."
-- columns.returns_spend = "Spend of channels that at least one deal names, on days the deals cover"
-- columns.returns_won_deals = "Deals won that day whose source channel has marketing spend"
-- columns.returns_won_amount = "Their known amounts; empty without any"
-- columns.roi_unknown_rows = "Of those deals, how many carry no amount"
-- columns.region = "Region; empty where the deals file has no regions, for then no region's return is known"

-- A channel that no deal names may have won much that was never linked: its spend
-- would only look like a loss. A return uses the days both files cover; a close
-- date after the as-of date is a mistaken date of a deal won already, and kept.
with named_channels as (
    select distinct deals.channel
    from marts.deals
    where deals.channel <> 'unknown'
),

paid_channels as (
    select distinct marketing_daily.channel
    from marts.marketing_daily
),

both_sides as (
    select
        spend.date,
        spend.channel,
        spend.segment,
        spend.region,
        spend.spend as returns_spend,
        0 as returns_won_deals,
        null as returns_won_amount,
        0 as roi_unknown_rows
    from marts.marketing_daily as spend
    inner join named_channels
        on spend.channel = named_channels.channel
    cross join intermediate.coverage
    where
        spend.date >= coverage.deals_first_date
        and spend.date <= coverage.deals_last_date
    union all
    select
        deals.close_date,
        deals.channel,
        deals.segment,
        deals.region,
        null,
        1,
        deals.amount,
        case when deals.amount is null then 1 else 0 end
    from marts.deals
    inner join paid_channels
        on deals.channel = paid_channels.channel
    cross join intermediate.coverage
    where
        deals.is_won
        and deals.channel <> 'unknown'
        and (
            deals.close_date is null
            or deals.is_dated_after_as_of
            or (
                deals.close_date >= coverage.marketing_first_date
                and deals.close_date <= coverage.marketing_last_date
            )
        )
)

select
    both_sides.date,
    both_sides.channel,
    both_sides.segment,
    case when coverage.has_deal_regions then both_sides.region end as region,
    sum(both_sides.returns_spend) as returns_spend,
    cast(sum(both_sides.returns_won_deals) as bigint) as returns_won_deals,
    sum(both_sides.returns_won_amount) as returns_won_amount,
    cast(sum(both_sides.roi_unknown_rows) as bigint) as roi_unknown_rows
from both_sides
cross join intermediate.coverage
group by
    both_sides.date,
    both_sides.channel,
    both_sides.segment,
    case when coverage.has_deal_regions then both_sides.region end
order by both_sides.date
