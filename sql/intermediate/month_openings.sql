-- description = "MRR and customers a month begins with, in the slice where they were. One row per month, segment, plan, region and channel."
-- columns.opening_customers = "Customers at the previous month end"
-- columns.lost_customers = "Customers of the opening base who are customers no more when the month is measured"
with openings as (
    select
        month_ends.month,
        sets.segment,
        sets.plan,
        sets.region,
        sets.channel,
        month_ends.previous_mrr,
        month_ends.previous_is_customer,
        month_ends.is_customer
    from intermediate.customer_month_ends as month_ends
    inner join intermediate.attribute_sets as sets
        on month_ends.opening_set = sets.attribute_set
    where month_ends.previous_mrr is not null
    union all
    -- who is no longer listed was there, and is not said to be lost
    select
        departures.month,
        departures.segment,
        departures.plan,
        departures.region,
        departures.channel,
        departures.departed_mrr as previous_mrr,
        departures.is_customer as previous_is_customer,
        departures.is_customer
    from intermediate.departures as departures
)

select
    openings.month,
    openings.segment,
    openings.plan,
    openings.region,
    openings.channel,
    sum(openings.previous_mrr) as opening_mrr,
    cast(count_if(openings.previous_is_customer) as bigint)
        as opening_customers,
    cast(
        count_if(openings.previous_is_customer and not openings.is_customer)
        as bigint
    ) as lost_customers
from openings
group by
    openings.month,
    openings.segment,
    openings.plan,
    openings.region,
    openings.channel
