-- description = "Spend and period counts added over campaigns. One row per day, channel, segment and region."

select
    campaigns.date,
    campaigns.channel,
    campaigns.segment,
    campaigns.region,
    sum(campaigns.spend) as spend,
    cast(sum(campaigns.impressions) as bigint) as impressions,
    cast(sum(campaigns.clicks) as bigint) as clicks,
    cast(sum(campaigns.leads) as bigint) as leads,
    cast(sum(campaigns.mqls) as bigint) as mqls,
    cast(sum(campaigns.sqls) as bigint) as sqls,
    cast(sum(campaigns.opportunities) as bigint) as opportunities,
    cast(sum(campaigns.closed_won) as bigint) as closed_won,
    sum(campaigns.spend_with_reported_roi) as spend_with_reported_roi,
    sum(campaigns.reported_return) as reported_return,
    cast(sum(campaigns.reported_roi_unknown_rows) as bigint)
        as reported_roi_unknown_rows
from marts.marketing_campaign_daily as campaigns
group by
    campaigns.date,
    campaigns.channel,
    campaigns.segment,
    campaigns.region
order by campaigns.date, campaigns.channel, campaigns.segment, campaigns.region
