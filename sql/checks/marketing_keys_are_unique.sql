-- description = "No two marketing rows share day, channel, campaign, segment and region."
-- class = "error"
-- tested = "raw.marketing_channels"
-- remedy = "Later rows with the same key belong in quarantine: the load let one through."

select
    marketing.date,
    marketing.channel,
    marketing.campaign,
    marketing.segment,
    marketing.geo,
    count(*) as times
from raw.marketing_channels as marketing
group by
    marketing.date,
    marketing.channel,
    marketing.campaign,
    marketing.segment,
    marketing.geo
having count(*) > 1
