-- description = "Each customer has one segment, region, plan and channel. One row per customer with more than one."
-- class = "error"
-- tested = "intermediate.customer_attributes"
-- remedy = "A join by account found more than one row: see intermediate.account_channels."
select
    attributes.customer_id,
    count(*) as attribute_rows
from intermediate.customer_attributes as attributes
group by attributes.customer_id
having count(*) > 1
