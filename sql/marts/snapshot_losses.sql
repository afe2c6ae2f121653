-- description = "Customers whom the customer file calls lost, where it is all that is known: who left and when, not how many there were. One row per customer."
-- columns.tenure_months = "Months between the one a customer became one in and this one"
select
    cast(date_trunc('month', losses.lost_on) as date) as month,
    losses.lost_on as measured_on,
    false as is_partial,
    losses.segment,
    losses.plan,
    losses.region,
    losses.channel,
    (year(losses.lost_on) - year(customers.start_date)) * 12
    + month(losses.lost_on) - month(customers.start_date) as tenure_months,
    losses.churn_reason,
    cast(null as integer) as base_customers,
    cast(null as decimal(28, 6)) as base_mrr,
    1 as lost_customers,
    losses.churned_mrr
from marts.customer_losses as losses
inner join staging.revenue_customers as customers
    on losses.customer_id = customers.customer_id
cross join intermediate.revenue_coverage as coverage
where coverage.mrr_source = 'one_snapshot'
