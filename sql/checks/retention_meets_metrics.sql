-- description = "Retention over 12 months, worked out from customers, is that of the metrics, and gross retention exceeds neither 100 % nor net retention. One row per span that is not so."
-- class = "error"
-- tested = "select count(*) from reports.retention() as retention where retention.base_mrr > 0"
-- needs = "subscriptions"
-- remedy = "Compare marts.customer_months with intermediate.month_cohorts."
select
    retention.span_months,
    retention.segment,
    retention.base_mrr,
    retention.kept_mrr,
    retention.kept_capped_mrr,
    retention.kept_mrr - metrics.kept_mrr_12m as gap
from reports.retention() as retention
left join metrics.revenue("by" := 'segment') as metrics
    on
        retention.span_months = 12
        and retention.is_total = metrics.is_total
        and retention.segment is not distinct from metrics.slice
where
    retention.kept_capped_mrr
    > least(retention.base_mrr, retention.kept_mrr)
    or coalesce(retention.base_mrr, 0) <> coalesce(
        case
            when retention.span_months = 12 then metrics.base_mrr_12m
            else retention.base_mrr
        end, 0
    )
    or retention.kept_mrr <> metrics.kept_mrr_12m
    or retention.kept_capped_mrr <> metrics.kept_capped_mrr_12m
