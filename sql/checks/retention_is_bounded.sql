-- description = "Gross retention exceeds neither 100 % nor net retention, in any month. One row per month in which it does."
-- class = "error"
-- tested = "select count(*) from marts.revenue_monthly as monthly where monthly.base_mrr_12m > 0"
-- needs = "subscriptions"
-- remedy = "See the cohort in intermediate.month_cohorts."
select
    revenue.slice as month,
    revenue.base_mrr_12m,
    revenue.kept_mrr_12m,
    revenue.kept_capped_mrr_12m,
    revenue.grr - least(1, revenue.nrr) as gap
from metrics.revenue("by" := 'month') as revenue
where
    revenue.kept_capped_mrr_12m
    > least(revenue.base_mrr_12m, revenue.kept_mrr_12m)
