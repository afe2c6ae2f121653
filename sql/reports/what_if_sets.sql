-- description = "The sums of a window under every set of a scenario's levers, each worked out again from its channel's sums. One row per draw and set of levers."
-- columns.draw = "0 for the rates as they were, then one number per draw"
-- columns.levers = "The levers that are pulled, as bits: 1 win rate, 2 sales cycle, 4 churn, 8 spend, 16 price"
create or replace macro reports.what_if_sets(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, win_rate := 1, sales_cycle := 1, churn := 1, spend := 1, price := 1, leads_per_spend := 1, draws := null) as table
-- a draw multiplies the window's rates: what else they may have been in truth
with drawn as (
    select 0 as draw, 1.0 as win_rate_by, 1.0 as churn_by, 1.0 as price_by
    union all
    select
        places.draw,
        cast(draws[places.draw][1] as double),
        cast(draws[places.draw][2] as double),
        cast(draws[places.draw][3] as double)
    from (
        select unnest(generate_series(1, coalesce(len(draws), 0))) as draw
    ) as places
),

pulled as (
    select
        drawn.draw,
        sets.levers,
        case when sets.levers & 1 > 0 then win_rate else 1 end
        * drawn.win_rate_by as win_rate_by,
        case when sets.levers & 2 > 0 then 1 / nullif(sales_cycle, 0) else 1 end
            as pace_by,
        case when sets.levers & 4 > 0 then churn else 1 end * drawn.churn_by
            as churn_by,
        case when sets.levers & 8 > 0 then spend else 1 end as spend_by,
        case when sets.levers & 16 > 0 then price else 1 end * drawn.price_by
            as price_by
    from drawn
    cross join (select unnest(generate_series(0, 31)) as levers) as sets
),

-- no more deals can be won than are decided
by_channel as (
    select
        facts.*,
        pulled.draw,
        pulled.levers,
        pulled.spend_by,
        pulled.churn_by,
        pulled.price_by,
        pulled.pace_by * case when facts.has_spend
            then pow(pulled.spend_by, leads_per_spend) else 1 end as deals_by,
        case when facts.won_deals > 0
            then least(pulled.win_rate_by, facts.decided_deals / facts.won_deals)
            else pulled.win_rate_by end as won_by,
        deals_by * won_by * pulled.price_by as amount_by
    from pulled
    cross join reports.what_if_facts(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions
    ) as facts
)

select
    by_channel.draw,
    by_channel.levers,
    sum(by_channel.spend * by_channel.spend_by) as spend,
    sum(by_channel.leads * case when by_channel.has_spend
        then pow(by_channel.spend_by, leads_per_spend) else 1 end) as leads,
    sum(by_channel.decided_deals * by_channel.deals_by) as decided_deals,
    sum(by_channel.won_deals * by_channel.deals_by * by_channel.won_by)
        as won_deals,
    sum(by_channel.won_amount * by_channel.amount_by) as won_amount,
    sum(by_channel.new_mrr * by_channel.amount_by) as new_mrr,
    sum(by_channel.churned_mrr * by_channel.churn_by) as churned_mrr,
    sum(by_channel.mrr)
    + sum(by_channel.new_mrr * (by_channel.amount_by - 1))
    - sum(by_channel.churned_mrr * (by_channel.churn_by - 1)) as mrr
from by_channel
group by by_channel.draw, by_channel.levers
