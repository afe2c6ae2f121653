-- description = "The sums a scenario multiplies, as the metrics macros add them up. One row per channel; 'unknown' where none is known."
-- columns.has_spend = "The channel has ad spend in the window, so that its volume follows spend"
-- columns.decided_deals = "Deals won or lost in the window that count in the win rate"
-- columns.won_deals = "Of these, the won ones"
-- columns.new_mrr = "MRR of new customers, added over the window's months"
-- columns.churned_mrr = "MRR of customers who left, added over the window's months"
-- columns.mrr = "MRR at the end of the window's last month"
create or replace macro reports.what_if_facts(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null) as table
with spent as (
    select marketing.slice as channel, marketing.spend, marketing.leads
    from metrics.marketing(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := 'channel'
    ) as marketing
    where not marketing.is_total
),

closed as (
    select
        pipeline.slice as channel,
        pipeline.decided_deals,
        pipeline.decided_won_deals as won_deals,
        pipeline.won_amount
    from metrics.pipeline(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := 'channel'
    ) as pipeline
    where not pipeline.is_total
),

-- the months of reports.mrr_waterfall: those measured inside the window
months as (
    select
        months.month,
        months.month = max(months.month) over () as is_last,
        coverage.has_regions
    from intermediate.revenue_months as months
    cross join intermediate.revenue_coverage as coverage
    where
        (since is null or months.measured_on >= since)
        and (until is null or months.measured_on < until)
),

booked as (
    select
        books.channel,
        sum(books.new_mrr) as new_mrr,
        sum(books.churned_mrr) as churned_mrr,
        sum(books.closing_mrr) filter (months.is_last) as mrr
    from marts.revenue_monthly as books
    inner join months on books.month = months.month
    where
        (segments is null or list_contains(segments, books.segment))
        and (channels is null or list_contains(channels, books.channel))
        and (
            regions is null
            or not months.has_regions
            or list_contains(regions, books.region)
        )
    group by books.channel
)

select
    coalesce(spent.channel, closed.channel, booked.channel) as channel,
    coalesce(spent.spend > 0, false) as has_spend,
    spent.spend,
    cast(spent.leads as double) as leads,
    cast(closed.decided_deals as double) as decided_deals,
    cast(closed.won_deals as double) as won_deals,
    closed.won_amount,
    booked.new_mrr,
    booked.churned_mrr,
    booked.mrr
from spent
full join closed on spent.channel = closed.channel
full join booked on coalesce(spent.channel, closed.channel) = booked.channel
order by channel
