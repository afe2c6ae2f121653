-- description = "ARPA and NRR that the customer file supplies are those of the customer's own MRR, within 1 % or their rounding. One row per customer and ratio that is not."
-- class = "warning"
-- tested = "select count(*) from staging.revenue_customers where supplied_arpa is not null or supplied_nrr is not null"
-- remedy = "Nothing here uses them; ask the source how it divides before quoting them elsewhere."
with ratios as (
    select
        customers.customer_id,
        customers._file,
        customers._line,
        'arpa' as ratio,
        cast(customers.supplied_arpa as double) as supplied,
        cast(customers.supplied_mrr as double) as recomputed
    from staging.revenue_customers as customers
    union all
    -- of a single customer, and only where the history is known
    select
        customers.customer_id,
        customers._file,
        customers._line,
        'nrr' as ratio,
        customers.supplied_nrr as supplied,
        customer_months.closing_mrr / nullif(customer_months.mrr_12m_ago, 0)
            as recomputed
    from staging.revenue_customers as customers
    inner join marts.customer_months as customer_months
        on customers.customer_id = customer_months.customer_id
    cross join meta.build as build
    where customer_months.measured_on = build.as_of
)

select
    ratios.customer_id,
    ratios.ratio,
    ratios.supplied,
    ratios.recomputed,
    ratios.supplied - ratios.recomputed as gap,
    ratios._file,
    ratios._line
from ratios
where
    abs(ratios.supplied - ratios.recomputed)
    > greatest(0.01 * abs(ratios.recomputed), 0.005 + 1e-9)
