-- description = "MRR and customers a month ends with. One row per month, segment, plan, region and channel."
-- columns.paying_customers = "Customers when the month was measured"
-- columns.joined_and_left = "Customers who paid inside the month, but neither at its beginning nor at its end"
-- columns.customers_ever = "Customers up to and including the month"
-- columns.churned_ever = "Customers who left up to and including the month, whether or not they came back"
select
    month_ends.month,
    month_ends.segment,
    month_ends.plan,
    month_ends.region,
    month_ends.channel,
    sum(month_ends.mrr) as closing_mrr,
    cast(count_if(month_ends.is_customer) as bigint) as paying_customers,
    cast(
        count_if(
            month_ends.has_short_stay
            and not month_ends.is_customer
            and not coalesce(month_ends.previous_is_customer, false)
        ) as bigint
    ) as joined_and_left,
    cast(count_if(month_ends.month >= lifetimes.first_customer_month) as bigint)
        as customers_ever,
    cast(count_if(month_ends.month >= lifetimes.first_lost_month) as bigint)
        as churned_ever
from intermediate.customer_month_ends as month_ends
inner join intermediate.customer_lifetimes as lifetimes
    on month_ends.customer_id = lifetimes.customer_id
group by
    month_ends.month,
    month_ends.segment,
    month_ends.plan,
    month_ends.region,
    month_ends.channel
