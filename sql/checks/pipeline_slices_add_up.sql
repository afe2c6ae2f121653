-- description = "However deals are split, the slices of every additive metric add up to its total; what is open is never added over time."
-- class = "error"
-- tested = "marts.deals"
-- remedy = "A deal falls out of its slice in sql/metrics/pipeline.sql, or into two."

with split as (
    select 'none' as dimension, * from metrics.pipeline()
    union all
    select 'segment', * from metrics.pipeline("by" := 'segment')
    union all
    select 'channel', * from metrics.pipeline("by" := 'channel')
    union all
    select 'owner', * from metrics.pipeline("by" := 'owner')
    union all
    select 'stage', * from metrics.pipeline("by" := 'stage')
    union all
    select 'region', * from metrics.pipeline("by" := 'region')
    union all
    select 'week', * from metrics.pipeline("by" := 'week')
    union all
    select 'month', * from metrics.pipeline("by" := 'month')
    union all
    select 'quarter', * from metrics.pipeline("by" := 'quarter')
    union all
    select 'year', * from metrics.pipeline("by" := 'year')
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
            split.open_deals,
            split.open_pipeline,
            split.weighted_pipeline,
            split.won_deals,
            split.lost_deals,
            split.won_amount,
            split.stuck_amount,
            split.decided_amount
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
    and (
        dimensions.dimension not in ('week', 'month', 'quarter', 'year')
        or total.metric not in (
            'open_deals', 'open_pipeline', 'weighted_pipeline', 'stuck_amount'
        )
    )
    and total.amount is distinct from slices.amount
    -- of an empty file there is no slice, and none adds up to 0
    and (slices.metric is not null or total.amount <> 0)
