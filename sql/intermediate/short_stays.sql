-- description = "Months in which a customer paid and stopped again before the month's end. One row per customer and month."
select distinct
    states.customer_id,
    cast(date_trunc('month', states.valid_from) as date) as month
from intermediate.customer_states as states
where
    states.is_customer
    and states.valid_to <= last_day(states.valid_from)
