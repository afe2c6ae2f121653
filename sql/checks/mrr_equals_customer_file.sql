-- description = "From one snapshot, MRR is what the customer file states for the customers who have not left. One row when it is not."
-- class = "error"
-- tested = "select count(*) from staging.revenue_customers as customers cross join meta.build as build where build.mrr_source = 'one_snapshot'"
-- remedy = "A customer is lost or counted twice between staging.revenue_customers and marts.revenue_monthly."
with supplied as (
    select sum(customers.supplied_mrr) as mrr
    from staging.revenue_customers as customers
    cross join meta.build as build
    where
        build.mrr_source = 'one_snapshot'
        and customers.start_date <= build.as_of
        and not customers.is_flagged_churned
        and (
            customers.churn_date is null or customers.churn_date > build.as_of
        )
),

closing as (
    select sum(monthly.closing_mrr) as mrr
    from marts.revenue_monthly as monthly
)

select
    supplied.mrr as supplied_mrr,
    closing.mrr as closing_mrr,
    coalesce(closing.mrr, 0) - coalesce(supplied.mrr, 0) as gap
from supplied
cross join closing
cross join meta.build as build
where
    build.mrr_source = 'one_snapshot'
    and coalesce(closing.mrr, 0) <> coalesce(supplied.mrr, 0)
