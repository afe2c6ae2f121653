-- description = "Spend and period counts by campaign. One row per day, channel, campaign, segment and region."
-- columns.spend_with_reported_roi = "Spend of rows that carry an ROI of their own"
-- columns.reported_return = "Spend times the supplied ROI"
-- columns.reported_roi_unknown_rows = "Rows without a supplied ROI"

select
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
    case when spend.supplied_roi is null then 1 else 0 end
        as reported_roi_unknown_rows
from staging.marketing_channels as spend
order by spend.date, spend.channel, spend.segment, spend.region
