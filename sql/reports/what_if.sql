-- description = "What a window would have come to with another win rate, sales cycle, churn, spend or price: each metric worked out again from its sums, and the difference divided among the levers (Shapley), nothing left over. One row per draw, metric and lever."
-- columns.draw = "0 for the rates as they were, then one number per draw of what they may have been in truth"
-- columns.metric = "The metric; MRR movements are those of the window's months"
-- columns.lever = "'before' for the value as it was, 'after' for the scenario's, else what the lever alone adds"
-- columns.value = "The value, or the lever's contribution in the metric's unit; empty when not known"
create or replace macro reports.what_if(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, win_rate := 1, sales_cycle := 1, churn := 1, spend := 1, price := 1, leads_per_spend := 1, draws := null) as table
with sums as (
    select * from reports.what_if_sets(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, win_rate := win_rate,
        sales_cycle := sales_cycle, churn := churn, spend := spend,
        price := price, leads_per_spend := leads_per_spend, draws := draws
    )
),

-- ratios are divided after their sums have been worked out again
outcomes as (
    select
        sums.draw,
        sums.levers,
        unnest([
            { 'position': 1, 'metric': 'spend', 'value': sums.spend },
            { 'position': 2, 'metric': 'leads', 'value': sums.leads },
            { 'position': 3, 'metric': 'cpl',
                'value': sums.spend / nullif(sums.leads, 0) },
            { 'position': 4, 'metric': 'win_rate',
                'value': sums.won_deals / nullif(sums.decided_deals, 0) },
            { 'position': 5, 'metric': 'won_deals', 'value': sums.won_deals },
            { 'position': 6, 'metric': 'won_amount', 'value': sums.won_amount },
            { 'position': 7, 'metric': 'new_mrr', 'value': sums.new_mrr },
            { 'position': 8, 'metric': 'churned_mrr',
                'value': sums.churned_mrr },
            { 'position': 9, 'metric': 'mrr', 'value': sums.mrr }
        ], recursive := true)
    from sums
),

-- the mean of what a lever does over all orders in which the five are pulled:
-- a set of n others stands before it in n! (4 - n)! of the 5! orders
weighed as (
    select
        outcomes.*,
        levers.lever,
        levers.position as lever_position,
        outcomes.levers & levers.bit > 0 as is_pulled,
        bit_count(outcomes.levers) - is_pulled::int as others,
        [1 / 5, 1 / 20, 1 / 30, 1 / 20, 1 / 5][others + 1] as weight
    from outcomes
    cross join (
        values
        (1, 'win_rate', 1), (2, 'sales_cycle', 2), (3, 'churn', 4),
        (4, 'spend', 8), (5, 'price', 16)
    ) as levers (position, lever, bit)
),

told as (
    select
        weighed.draw, weighed.metric, weighed.position,
        weighed.lever, weighed.lever_position,
        case when count(weighed.value) = count(*)
            then sum(case when weighed.is_pulled
                then weighed.weight * weighed.value
                else -weighed.weight * weighed.value end) end as value
    from weighed
    group by all
    union all
    select
        outcomes.draw, outcomes.metric, outcomes.position,
        case when outcomes.levers = 0 then 'before' else 'after' end,
        case when outcomes.levers = 0 then 0 else 6 end,
        outcomes.value
    from outcomes
    where outcomes.levers in (0, 31)
)

select told.draw, told.metric, told.lever, told.value
from told
order by told.draw, told.position, told.lever_position
