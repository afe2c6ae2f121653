-- description = "What became of the customers each month began with. One row per month, slice in which they began it, tenure band and reason of loss; who stayed has no reason."
-- columns.base_customers = "Customers the month began with"
-- columns.base_mrr = "MRR the month began with"
-- columns.churn_reason = "Reason stated for the loss; 'unknown' where there is none; empty for who stayed"
with from_books as (
    select
        months.month,
        months.measured_on,
        months.is_partial,
        coalesce(months.opening_segment, months.segment) as segment,
        coalesce(months.opening_plan, months.plan) as plan,
        coalesce(months.opening_region, months.region) as region,
        months.channel,
        (year(months.month) - year(lifetimes.first_customer_month)) * 12
        + month(months.month) - month(lifetimes.first_customer_month)
            as tenure_months,
        -- a paying customer who goes on as a trial takes MRR away and stays
        case
            when months.movement = 'churn' or not months.is_customer
                then coalesce(losses.churn_reason, 'unknown')
        end as churn_reason,
        case when months.was_customer then 1 else 0 end as base_customers,
        months.opening_mrr as base_mrr,
        case when months.is_customer then 0 else 1 end as lost_customers,
        case when months.movement = 'churn' then months.opening_mrr else 0 end
            as churned_mrr
    from marts.customer_months as months
    inner join intermediate.customer_lifetimes as lifetimes
        on months.customer_id = lifetimes.customer_id
    cross join intermediate.revenue_policies as policies
    cross join intermediate.revenue_coverage as coverage
    left join marts.customer_losses as losses
        on
            months.customer_id = losses.customer_id
            and months.measured_on = losses.lost_on
    where
        coverage.mrr_source <> 'one_snapshot'
        and (
            months.was_customer
            or (months.joined_and_left and policies.joined_and_left_count)
        )
),

outcomes as (
    select * from from_books
    union all
    select * from marts.snapshot_losses
)

select
    outcomes.month,
    outcomes.measured_on,
    outcomes.is_partial,
    outcomes.segment,
    outcomes.plan,
    outcomes.region,
    outcomes.channel,
    coalesce(bands.tenure_band, 'unknown') as tenure_band,
    outcomes.churn_reason,
    sum(outcomes.base_customers) as base_customers,
    sum(outcomes.base_mrr) as base_mrr,
    sum(outcomes.lost_customers) as lost_customers,
    sum(outcomes.churned_mrr) as churned_mrr
from outcomes
left join intermediate.tenure_bands as bands
    on
        outcomes.tenure_months >= bands.from_months
        and outcomes.tenure_months <= bands.to_months
group by
    outcomes.month,
    outcomes.measured_on,
    outcomes.is_partial,
    outcomes.segment,
    outcomes.plan,
    outcomes.region,
    outcomes.channel,
    coalesce(bands.tenure_band, 'unknown'),
    outcomes.churn_reason
