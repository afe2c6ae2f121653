-- description = "The deals of each customer's account, names trimmed and case-folded. One row per customer and deal; of two customers of one account each has all its deals."
select
    customers.customer_id,
    deals.deal_id,
    deals.stage,
    deals.owner,
    deals.channel,
    deals.amount,
    deals.created_at,
    deals.expected_close,
    deals.close_date,
    deals._file,
    deals._line
from staging.revenue_customers as customers
inner join marts.deals
    on lower(trim(customers.account)) = lower(trim(deals.account))
where lower(trim(customers.account)) <> 'unknown'
