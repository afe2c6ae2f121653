-- description = "The customer file and the subscription ledger say the same MRR for each customer. One row per customer where they differ; the ledger counts."
-- class = "warning"
-- tested = "select count(*) from intermediate.customer_attributes as attributes where attributes.is_listed"
-- needs = "subscriptions"
-- remedy = "MRR follows subscriptions.csv. Correct the file that is wrong: a missing or unended period, or a customer row that is out of date."
with ledger as (
    select
        customer_months.customer_id,
        customer_months.closing_mrr as mrr
    from marts.customer_months as customer_months
    inner join intermediate.revenue_months as months
        on customer_months.month = months.month
    cross join meta.build as build
    where months.measured_on = build.as_of
),

compared as (
    select
        customers.customer_id,
        attributes.is_churned,
        case
            when attributes.is_churned then 0 else customers.supplied_mrr
        end as supplied_mrr,
        coalesce(ledger.mrr, 0) as ledger_mrr,
        ledger.customer_id is not null as has_periods,
        customers._file,
        customers._line
    from staging.revenue_customers as customers
    inner join intermediate.customer_attributes as attributes
        on customers.customer_id = attributes.customer_id
    left join ledger on customers.customer_id = ledger.customer_id
)

select
    compared.*,
    compared.ledger_mrr - compared.supplied_mrr as gap
from compared
where
    compared.ledger_mrr <> compared.supplied_mrr
    or (not compared.has_periods and not compared.is_churned)
