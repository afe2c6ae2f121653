-- description = "Marketing spend, period counts and what they returned, by the day they are dated. One row per slice and a total row."
-- by = ["channel", "campaign", "segment", "region"]
-- spend = { label = "Spend", unit = "money", window = "flow", definition = "Ad spend of the window." }
-- impressions = { label = "Impressions", unit = "count", better = "higher", window = "flow", definition = "Times an ad was shown." }
-- clicks = { label = "Clicks", unit = "count", better = "higher", window = "flow", definition = "Times an ad was clicked." }
-- leads = { label = "Leads", unit = "count", better = "higher", window = "flow", definition = "Leads counted in the window." }
-- mqls = { label = "MQLs", unit = "count", better = "higher", window = "flow", definition = "Marketing qualified leads counted in the window." }
-- sqls = { label = "SQLs", unit = "count", better = "higher", window = "flow", definition = "Sales qualified leads counted in the window." }
-- opportunities = { label = "Opportunities", unit = "count", better = "higher", window = "flow", definition = "Opportunities counted in the window." }
-- closed_won = { label = "Closed won", unit = "count", better = "higher", window = "flow", definition = "Wins the marketing file counts in the window; not the CRM's won deals." }
-- cpl = { label = "Cost per lead", unit = "money", better = "lower", benchmark = "channel_cpl_range", numerator = "spend", denominator = "leads", window = "flow", definition = "Spend divided by leads." }
-- ctr = { label = "Click-through rate", unit = "ratio", better = "higher", numerator = "clicks", denominator = "impressions", window = "flow", definition = "Clicks divided by impressions." }
-- media_cac = { label = "Media CAC", unit = "money", better = "lower", numerator = "spend", denominator = "closed_won", window = "flow", definition = "Ad spend divided by closed won: media only, no salaries, no tools." }
-- roi = { label = "ROI", unit = "ratio", better = "higher", numerator = "linked_gain", denominator = "linked_spend", window = "flow", definition = "Amount of deals won in the window with the channel as source, less the channel's spend, divided by that spend. Channels that no deal names are left out, as are days only one of the two files covers." }
-- reported_roi = { label = "Reported ROI (file's own scale)", unit = "count", numerator = "reported_return", denominator = "spend_with_reported_roi", window = "flow", definition = "The marketing file's own ROI weighted by spend, in that file's own scale (often percent). Not checked by anything here." }
-- opportunities_per_lead = { label = "Opportunities per lead", unit = "ratio", better = "higher", benchmark = "stage_conversion_benchmarks", numerator = "opportunities", denominator = "leads", window = "flow", role = "part", definition = "Opportunities divided by leads of the same window: period counts, not one cohort followed through." }
-- linked_spend = { label = "Linked spend", unit = "money", role = "part", window = "flow", definition = "Spend of channels that at least one deal names as its source, on days the deals cover." }
-- linked_won_deals = { label = "Linked won deals", unit = "count", role = "part", window = "flow", definition = "Deals won in the window whose source channel has marketing spend." }
-- linked_won_amount = { label = "Linked won amount", unit = "money", role = "part", window = "flow", definition = "Known amounts of the linked won deals; 0 when linked channels won nothing." }
-- linked_gain = { label = "Linked gain", unit = "money", role = "part", window = "flow", definition = "Linked won amount less linked spend." }
-- reported_return = { label = "Reported return", unit = "money", role = "part", window = "flow", definition = "Spend times the supplied ROI, over the rows that carry one." }
-- spend_with_reported_roi = { label = "Spend with reported ROI", unit = "money", role = "part", window = "flow", definition = "Spend of the rows that carry a supplied ROI." }

create or replace macro metrics.marketing(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, "by" := null, campaigns := null) as table
-- Only a question about campaigns pays for the campaign grain. Returns carry no
-- campaign, and no region unless the deals do: such slices and filters find none.
with facts as (
    select * from marts.marketing_daily
    where "by" is distinct from 'campaign' and campaigns is null
    union all by name
    select * from marts.marketing_campaign_daily
    where "by" = 'campaign' or campaigns is not null
    union all by name
    select * from marts.channel_returns_daily
),

kept as (
    select
        facts.*,
        periods.period_start,
        periods.period_end,
        case "by"
            when 'channel' then facts.channel
            when 'campaign' then facts.campaign
            when 'segment' then facts.segment
            when 'region' then facts.region
            when 'channel_segment' then facts.channel || ' / ' || facts.segment
            else coalesce(cast(periods.period_start as varchar), 'unknown')
        end as slice
    from facts
    left join intermediate.periods
        on facts.date = periods.date and periods.grain = "by"
    where
        (since is null or facts.date >= since)
        and (until is null or facts.date < until)
        and (segments is null or list_contains(segments, facts.segment))
        and (channels is null or list_contains(channels, facts.channel))
        and (regions is null or list_contains(regions, facts.region))
        and (campaigns is null or list_contains(campaigns, facts.campaign))
)

select
    kept.slice,
    grouping(kept.slice) = 1 as is_total,
    coalesce(
        -- a period's row speaks about its period, the others about the window
        coalesce(
            case when not is_total then max(kept.period_start) end,
            since
        ) < greatest(
            since, (select marketing_first_date from intermediate.coverage)
        )
        or coalesce(
            case when not is_total then max(kept.period_end) end,
            until
        ) > least(
            until, (select marketing_last_date + 1 from intermediate.coverage)
        )
        -- a window without one bound is not whole where no file says a thing
        or since > (select marketing_last_date from intermediate.coverage)
        or until <= (select marketing_first_date from intermediate.coverage),
        false
    ) as is_partial,
    cast([] as varchar[]) as filters_not_applied,
    sum(kept.spend) as spend,
    cast(sum(kept.impressions) as bigint) as impressions,
    cast(sum(kept.clicks) as bigint) as clicks,
    cast(sum(kept.leads) as bigint) as leads,
    cast(sum(kept.mqls) as bigint) as mqls,
    cast(sum(kept.sqls) as bigint) as sqls,
    cast(sum(kept.opportunities) as bigint) as opportunities,
    cast(sum(kept.closed_won) as bigint) as closed_won,
    sum(kept.spend) / nullif(sum(kept.leads), 0) as cpl,
    sum(kept.clicks) / nullif(sum(kept.impressions), 0) as ctr,
    sum(kept.spend) / nullif(sum(kept.closed_won), 0) as media_cac,
    sum(kept.reported_return) / nullif(sum(kept.spend_with_reported_roi), 0)
        as reported_roi,
    sum(kept.opportunities) / nullif(sum(kept.leads), 0)
        as opportunities_per_lead,
    sum(kept.returns_spend) as linked_spend,
    cast(sum(kept.returns_won_deals) as bigint) as linked_won_deals,
    -- channels that deals name, and won nothing through, are known to return 0
    case
        when linked_won_deals = 0 then 0
        else sum(kept.returns_won_amount)
    end as linked_won_amount,
    linked_won_amount - linked_spend as linked_gain,
    linked_gain / nullif(linked_spend, 0) as roi,
    cast(coalesce(sum(kept.roi_unknown_rows), 0) as bigint)
        as roi_unknown_rows,
    sum(kept.reported_return) as reported_return,
    sum(kept.spend_with_reported_roi) as spend_with_reported_roi,
    cast(coalesce(sum(kept.reported_roi_unknown_rows), 0) as bigint)
        as reported_roi_unknown_rows
from kept
group by grouping sets ((kept.slice), ())
having
    case
        when "by" is null then is_total
        when
            "by" in (
                'channel', 'campaign', 'segment', 'region', 'channel_segment',
                'week', 'month', 'quarter', 'year'
            ) then is_total or kept.slice is not null
        else error(
            'metrics.marketing: by := ' || "by" || ' is not one of channel,'
            || ' campaign, segment, region, week, month, quarter, year'
        )
    end
order by is_total, kept.slice
