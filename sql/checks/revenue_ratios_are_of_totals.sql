-- description = "Revenue's total ratios are ratios of the segments' sums, not averages of their ratios. One row per ratio that is not."
-- class = "error"
-- tested = "select count(*) from metrics.revenue(\"by\" := 'segment') as revenue where not revenue.is_total"
-- remedy = "metrics.revenue divides before it adds."
with sums as (
    select
        sum(revenue.mrr) as mrr,
        sum(revenue.paying_customers) as paying_customers,
        sum(revenue.base_mrr_12m) as base_mrr_12m,
        sum(revenue.kept_mrr_12m) as kept_mrr_12m,
        sum(revenue.kept_capped_mrr_12m) as kept_capped_mrr_12m,
        sum(revenue.gained_mrr) as gained_mrr,
        sum(revenue.lost_mrr) as lost_mrr,
        sum(revenue.opening_mrr) as opening_mrr,
        sum(revenue.opening_customers) as opening_customers,
        sum(revenue.lost_customers) as lost_customers
    from metrics.revenue("by" := 'segment') as revenue
    where not revenue.is_total
),

ratios as (
    select
        unnest(
            [
                'arpa', 'nrr', 'grr',
                'quick_ratio', 'logo_churn', 'gross_mrr_churn'
            ]
        ) as metric,
        unnest([
            total.arpa, total.nrr, total.grr,
            total.quick_ratio, total.logo_churn, total.gross_mrr_churn
        ]) as stated,
        unnest([
            sums.mrr / nullif(sums.paying_customers, 0),
            sums.kept_mrr_12m / nullif(sums.base_mrr_12m, 0),
            sums.kept_capped_mrr_12m / nullif(sums.base_mrr_12m, 0),
            sums.gained_mrr / nullif(sums.lost_mrr, 0),
            sums.lost_customers / nullif(sums.opening_customers, 0),
            sums.lost_mrr / nullif(sums.opening_mrr, 0)
        ]) as of_sums
    from metrics.revenue() as total
    cross join sums
)

select
    ratios.*,
    ratios.stated - ratios.of_sums as gap
from ratios
where
    (ratios.stated is null) <> (ratios.of_sums is null)
    or abs(ratios.stated - ratios.of_sums)
    > 1e-12 * greatest(1, abs(ratios.of_sums))
