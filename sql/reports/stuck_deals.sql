-- description = "Open deals that do not move, the largest first. One row per stuck deal."
-- columns.days_past_expected_close = "Days from the expected close to the as-of date; empty unless past"

create or replace macro reports.stuck_deals(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null) as table
select
    deals.deal_id,
    deals.account,
    deals.owner,
    deals.segment,
    deals.region,
    deals.channel,
    deals.stage,
    deals.amount,
    deals.probability,
    deals.weighted_amount,
    deals.days_in_stage,
    deals.expected_close,
    case
        when deals.is_past_expected_close
            then date_diff('day', deals.expected_close, coverage.as_of)
    end as days_past_expected_close,
    deals.is_over_stuck_limits,
    deals.is_slower_than_won,
    deals.is_past_expected_close,
    deals.created_at,
    deals.last_stage_change,
    case
        when regions is null or coverage.has_deal_regions then []
        else ['regions']
    end as filters_not_applied,
    deals._file,
    deals._line
from marts.deals
cross join intermediate.coverage
where
    deals.is_stuck
    -- the stock of open deals is known on the as-of date only
    and (since is null or coverage.as_of >= since)
    and (until is null or coverage.as_of < until)
    and (segments is null or list_contains(segments, deals.segment))
    and (channels is null or list_contains(channels, deals.channel))
    and (owners is null or list_contains(owners, deals.owner))
    and (
        regions is null
        or not coverage.has_deal_regions
        or list_contains(regions, deals.region)
    )
order by deals.amount desc nulls last, deals.deal_id
