-- description = "The input lines that say what a customer pays, each with the days it speaks about. One row per subscription period, or per customer of the customer file where no subscriptions are given."
-- columns.valid_from = "First day the line speaks about"
-- columns.valid_to = "First day it no longer does; 9999-12-31 while it runs"
select
    periods.customer_id,
    periods.start_date as valid_from,
    coalesce(periods.end_date, date '9999-12-31') as valid_to,
    periods.subscription_id,
    periods.plan,
    periods.mrr,
    periods._file,
    periods._line
from staging.subscriptions as periods
cross join intermediate.revenue_coverage as coverage
where coverage.mrr_source = 'subscriptions'
union all
select
    customers.customer_id,
    customers.start_date,
    date '9999-12-31',
    null,
    customers.plan,
    customers.supplied_mrr,
    customers._file,
    customers._line
from staging.revenue_customers as customers
cross join intermediate.revenue_coverage as coverage
where coverage.mrr_source <> 'subscriptions'
