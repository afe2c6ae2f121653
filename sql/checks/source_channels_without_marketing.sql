-- description = "Every deal names a source channel that has marketing rows, so that its win is set against spend."
-- class = "warning"
-- tested = "marts.deals"
-- remedy = "Nothing, for channels without spend such as referrals; else name the channel as the marketing file does, by a mapping in revops.toml."

with paid_channels as (
    select distinct marketing_daily.channel
    from marts.marketing_daily
)

select
    deals.channel,
    count(*) as deals,
    sum(case when deals.is_won then 1 else 0 end) as won_deals,
    sum(case when deals.is_won then deals.amount end) as won_amount
from marts.deals
left join paid_channels
    on deals.channel = paid_channels.channel
where paid_channels.channel is null
group by deals.channel
