-- description = "The books of MRR: opening, movements and closing, customers and the 12-month cohort. One row per month, segment, plan, region and channel."
-- columns.lost_customers = "Customers of the opening base who are customers no more"
with slices as (
    select month, segment, plan, region, channel
    from intermediate.month_openings
    union
    select month, segment, plan, region, channel
    from intermediate.month_closings
    union
    select month, segment, plan, region, channel
    from intermediate.month_cohorts
    union
    select month, segment, plan, region, channel
    from marts.mrr_movements_monthly
)

select
    slices.month,
    months.measured_on,
    months.is_partial,
    slices.segment,
    slices.plan,
    slices.region,
    slices.channel,
    coalesce(openings.opening_mrr, coverage.nothing) as opening_mrr,
    coalesce(movements.new_mrr, coverage.nothing) as new_mrr,
    coalesce(movements.new_customers, 0) + coverage.nothing as new_customers,
    coalesce(movements.reactivation_mrr, coverage.nothing) as reactivation_mrr,
    coalesce(movements.expansion_mrr, coverage.nothing) as expansion_mrr,
    coalesce(movements.contraction_mrr, coverage.nothing) as contraction_mrr,
    coalesce(movements.churned_mrr, coverage.nothing) as churned_mrr,
    coalesce(movements.new_mrr_unknown_rows, 0) as new_mrr_unknown_rows,
    coalesce(movements.expansion_mrr_unknown_rows, 0)
        as expansion_mrr_unknown_rows,
    coalesce(movements.contraction_mrr_unknown_rows, 0)
        as contraction_mrr_unknown_rows,
    coalesce(closings.closing_mrr, coverage.nothing) as closing_mrr,
    coalesce(openings.opening_customers, coverage.nothing) as opening_customers,
    coalesce(openings.lost_customers, coverage.nothing)
    + case
        when policies.joined_and_left_count
            then coalesce(closings.joined_and_left, coverage.nothing)
        else coverage.nothing
    end as lost_customers,
    coalesce(closings.paying_customers, coverage.nothing) as paying_customers,
    coalesce(closings.customers_ever, coverage.nothing) as customers_ever,
    coalesce(closings.churned_ever, coverage.nothing) as churned_ever,
    coalesce(cohorts.base_mrr_12m, coverage.nothing) as base_mrr_12m,
    coalesce(cohorts.kept_mrr_12m, coverage.nothing) as kept_mrr_12m,
    coalesce(cohorts.kept_capped_mrr_12m, coverage.nothing)
        as kept_capped_mrr_12m
from slices
left join intermediate.month_openings as openings
    using (month, segment, plan, region, channel)
left join intermediate.month_closings as closings
    using (month, segment, plan, region, channel)
left join intermediate.month_cohorts as cohorts
    using (month, segment, plan, region, channel)
left join marts.mrr_movements_monthly as movements
    using (month, segment, plan, region, channel)
inner join intermediate.revenue_months as months on slices.month = months.month
cross join intermediate.revenue_policies as policies
cross join intermediate.revenue_coverage as coverage
