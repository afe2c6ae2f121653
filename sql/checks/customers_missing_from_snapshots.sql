-- description = "A customer of an earlier snapshot is in the next one, or is said to have left. One row per customer who is neither: what it pays is not known, and it counts as transferred out."
-- class = "warning"
-- tested = "intermediate.snapshot_states"
-- remedy = "Keep churned customers in revenue_customers.csv, with churned_flag and churn_date."
select
    departures.customer_id,
    departures.month,
    departures.departed_mrr as gap
from intermediate.departures
