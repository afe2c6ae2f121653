-- description = "What each customer paid at each month end and how it moved. One row per customer and month."
-- columns.change = "MRR at the month's end less MRR at its beginning"
-- columns.movement = "new, reactivation, expansion, contraction or churn; empty where nothing moved"
select
    months.customer_id,
    months.month,
    months.movement,
    months.opening_mrr,
    months.closing_mrr - coalesce(months.opening_mrr, 0) as change,
    months.closing_mrr,
    months.segment,
    months.plan,
    months.region,
    months.channel,
    months.is_partial
from marts.customer_months as months
