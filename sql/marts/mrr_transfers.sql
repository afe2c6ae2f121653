-- description = "Paying customers whose segment, plan or region changed between two month ends, or is no longer known (empty). One row per customer and month with such a change."
-- columns.amount = "The MRR the customer took along: what it paid before the change"
select
    customer_months.customer_id,
    customer_months.month,
    customer_months.measured_on,
    customer_months.opening_segment,
    customer_months.opening_plan,
    customer_months.opening_region,
    customer_months.segment,
    customer_months.plan,
    customer_months.region,
    customer_months.channel,
    customer_months.opening_mrr as amount
from marts.customer_months as customer_months
where
    -- who was not there before or is not there now is new or lost, not moved
    customer_months.opening_mrr > 0
    and customer_months.closing_mrr > 0
    and (
        customer_months.segment <> customer_months.opening_segment
        or customer_months.plan <> customer_months.opening_plan
        or customer_months.region <> customer_months.opening_region
    )
union all
select
    departures.customer_id,
    departures.month,
    departures.measured_on,
    departures.segment as opening_segment,
    departures.plan as opening_plan,
    departures.region as opening_region,
    cast(null as varchar) as segment,
    cast(null as varchar) as plan,
    cast(null as varchar) as region,
    departures.channel,
    departures.departed_mrr as amount
from intermediate.departures as departures
where departures.departed_mrr > 0
