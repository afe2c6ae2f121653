-- description = "A customer marked as churned has no MRR in the customer file. One row per customer who has; from one snapshot it counts as 0."
-- class = "warning"
-- tested = "select count(*) from intermediate.customer_attributes as attributes where attributes.is_churned"
-- remedy = "Correct churned_flag, churn_date or mrr of the customer."
select
    customers.customer_id,
    customers.is_flagged_churned,
    customers.churn_date,
    customers.supplied_mrr as gap,
    customers._file,
    customers._line
from staging.revenue_customers as customers
inner join intermediate.customer_attributes as attributes
    on customers.customer_id = attributes.customer_id
where
    attributes.is_churned
    and customers.supplied_mrr <> 0
