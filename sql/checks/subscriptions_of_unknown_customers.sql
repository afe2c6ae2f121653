-- description = "Every subscription's customer is in the customer file. One row per subscription period whose customer is not; it counts under 'unknown'."
-- class = "warning"
-- tested = "staging.subscriptions"
-- needs = "subscriptions"
-- remedy = "Add the customer to revenue_customers.csv, or see quarantine.rows: its row may have been withheld."
select
    subscriptions.subscription_id,
    subscriptions.start_date,
    subscriptions.customer_id,
    subscriptions.mrr as gap,
    subscriptions._file,
    subscriptions._line
from staging.subscriptions as subscriptions
inner join intermediate.customer_attributes as attributes
    on subscriptions.customer_id = attributes.customer_id
where not attributes.is_listed
