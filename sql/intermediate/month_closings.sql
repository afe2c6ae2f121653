-- description = "MRR and customers a month ends with. One row per month, segment, plan, region and channel."
-- columns.paying_customers = "Customers when the month was measured"
-- columns.joined_and_left = "Customers who paid inside the month, but neither at its beginning nor at its end"
-- columns.customers_ever = "Customers up to and including the month"
-- columns.churned_ever = "Customers who left up to and including the month, whether or not they came back"
with added as (
    select
        month_ends.month,
        month_ends.attribute_set,
        sum(month_ends.mrr) as closing_mrr,
        count_if(month_ends.is_customer) as paying_customers,
        count_if(
            month_ends.has_short_stay
            and not month_ends.is_customer
            and not coalesce(month_ends.previous_is_customer, false)
        ) as joined_and_left,
        count_if(month_ends.month >= lifetimes.first_customer_month)
            as customers_ever,
        count_if(month_ends.month >= lifetimes.first_lost_month) as churned_ever
    from intermediate.customer_month_ends as month_ends
    inner join intermediate.customer_lifetimes as lifetimes
        on month_ends.customer_id = lifetimes.customer_id
    group by month_ends.month, month_ends.attribute_set
)

select
    added.month,
    sets.segment,
    sets.plan,
    sets.region,
    sets.channel,
    added.closing_mrr,
    cast(added.paying_customers as bigint) as paying_customers,
    cast(added.joined_and_left as bigint) as joined_and_left,
    cast(added.customers_ever as bigint) as customers_ever,
    cast(added.churned_ever as bigint) as churned_ever
from added
inner join intermediate.attribute_sets as sets
    on added.attribute_set = sets.attribute_set
