-- description = "Revenue's totals are the sums of their slices, by segment, plan, region and channel. One row per dimension and figure that is not."
-- class = "error"
-- tested = "marts.revenue_monthly"
-- remedy = "metrics.revenue files a customer under no slice or under two."
with answers as (
    select 'segment' as dimension, revenue.*
    from metrics.revenue("by" := 'segment') as revenue
    union all
    select 'plan' as dimension, revenue.*
    from metrics.revenue("by" := 'plan') as revenue
    union all
    select 'region' as dimension, revenue.*
    from metrics.revenue("by" := 'region') as revenue
    union all
    select 'channel' as dimension, revenue.*
    from metrics.revenue("by" := 'channel') as revenue
),

figures as (
    unpivot (
        select
            answers.dimension,
            answers.is_total,
            columns(answers.* exclude (
                dimension, slice, is_total, is_partial, filters_not_applied,
                arpa, asp, nrr, grr, quick_ratio, logo_churn,
                gross_mrr_churn, lifetime_churn_share
            ))::decimal(38, 6)
        from answers
    )
    on columns(* exclude (dimension, is_total))
    into name figure value amount
),

compared as (
    select
        figures.dimension,
        figures.figure,
        sum(figures.amount) filter (figures.is_total) as total,
        sum(figures.amount) filter (not figures.is_total) as sum_of_slices
    from figures
    group by figures.dimension, figures.figure
)

select
    compared.*,
    compared.total - coalesce(compared.sum_of_slices, 0) as gap
from compared
where compared.total <> coalesce(compared.sum_of_slices, 0)
