-- description = "However marketing is split, the slices of every additive metric add up to its total."
-- class = "error"
-- tested = "marts.marketing_daily"
-- remedy = "A row falls out of its slice in sql/metrics/marketing.sql, or into two."

with split as (
    select 'none' as dimension, * from metrics.marketing()
    union all
    select 'channel', * from metrics.marketing("by" := 'channel')
    union all
    select 'campaign', * from metrics.marketing("by" := 'campaign')
    union all
    select 'segment', * from metrics.marketing("by" := 'segment')
    union all
    select 'region', * from metrics.marketing("by" := 'region')
    union all
    select 'week', * from metrics.marketing("by" := 'week')
    union all
    select 'month', * from metrics.marketing("by" := 'month')
    union all
    select 'quarter', * from metrics.marketing("by" := 'quarter')
    union all
    select 'year', * from metrics.marketing("by" := 'year')
),

figures as (
    select
        cells.dimension,
        cells.is_total,
        cells.metric,
        sum(cells.amount) as amount
    from (
        select
            split.dimension,
            split.is_total,
            split.spend,
            split.impressions,
            split.clicks,
            split.leads,
            split.mqls,
            split.sqls,
            split.opportunities,
            split.closed_won,
            split.spend_with_reported_roi
        from split
    ) unpivot include nulls (
        amount for metric in (columns(* exclude (dimension, is_total)))
    ) as cells
    group by cells.dimension, cells.is_total, cells.metric
),

dimensions as (
    select distinct split.dimension
    from split
    where split.dimension <> 'none'
)

select
    dimensions.dimension,
    total.metric,
    total.amount as total_amount,
    slices.amount as sum_of_slices,
    slices.amount - total.amount as gap
from figures as total
cross join dimensions
left join figures as slices
    on
        dimensions.dimension = slices.dimension
        and total.metric = slices.metric
        and not slices.is_total
where
    total.dimension = 'none'
    and total.amount is distinct from slices.amount
