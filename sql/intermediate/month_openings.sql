-- description = "MRR and customers a month begins with, in the slice where they were. One row per month, segment, plan, region and channel."
-- columns.opening_customers = "Customers at the previous month end"
-- columns.lost_customers = "Customers of the opening base who are customers no more when the month is measured"
select
    month_ends.month,
    month_ends.opening_segment as segment,
    month_ends.opening_plan as plan,
    month_ends.opening_region as region,
    month_ends.channel,
    sum(month_ends.previous_mrr) as opening_mrr,
    cast(count_if(month_ends.previous_is_customer) as bigint)
        as opening_customers,
    cast(
        count_if(month_ends.previous_is_customer and not month_ends.is_customer)
        as bigint
    ) as lost_customers
from intermediate.customer_month_ends as month_ends
where month_ends.previous_mrr is not null
group by
    month_ends.month,
    month_ends.opening_segment,
    month_ends.opening_plan,
    month_ends.opening_region,
    month_ends.channel
