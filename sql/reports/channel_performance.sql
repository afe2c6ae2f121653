-- description = "Marketing metrics of each channel, the largest spend first. One row per channel."
-- columns.share_of_spend = "Share of the selection's spend"

create or replace macro reports.channel_performance(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, campaigns := null) as table
select
    marketing.slice as channel,
    marketing.spend / nullif(sum(marketing.spend) over (), 0)
        as share_of_spend,
    marketing.* exclude (slice, is_total)
from metrics.marketing(
    since := since, until := until, segments := segments,
    channels := channels, regions := regions, campaigns := campaigns,
    "by" := 'channel'
) as marketing
where not marketing.is_total
order by marketing.spend desc nulls last, channel
