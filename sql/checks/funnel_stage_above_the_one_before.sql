-- description = "No marketing row counts more of a funnel stage than of the stage before: with counts of a day this happens, in a month it is odd."
-- class = "warning"
-- tested = "staging.marketing_channels"
-- remedy = "Nothing, where the stages are counted on their own days; else ask the source what it counts."

select
    marketing.date,
    marketing.channel,
    marketing.campaign,
    marketing.segment,
    marketing.region,
    marketing.impressions,
    marketing.clicks,
    marketing.leads,
    marketing.mqls,
    marketing.sqls,
    marketing.opportunities,
    marketing.closed_won,
    marketing._file,
    marketing._line
from staging.marketing_channels as marketing
where
    marketing.clicks > marketing.impressions
    or marketing.leads > marketing.clicks
    or marketing.mqls > marketing.leads
    or marketing.sqls > marketing.mqls
    or marketing.opportunities > marketing.sqls
    or marketing.closed_won > marketing.opportunities
