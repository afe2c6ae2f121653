-- description = "What the customers who paid 12 months earlier pay now, in the slice where they were then. One row per month, segment, plan, region and channel."
-- columns.base_mrr_12m = "MRR 12 months ago"
-- columns.kept_mrr_12m = "MRR now of the customers who paid 12 months ago"
-- columns.kept_capped_mrr_12m = "The same, no customer counted with more than 12 months ago"
with cohort as (
    select
        month_ends.*,
        -- the policy decides whether a customer who left and came back was kept
        case
            when
                policies.reactivated_count_as_kept
                or month_ends.lowest_mrr_12m > 0
                then month_ends.mrr
            else 0
        end as kept_mrr
    from intermediate.customer_month_ends as month_ends
    cross join intermediate.revenue_policies as policies
    where month_ends.earlier_mrr > 0
)

select
    cohort.month,
    cohort.segment_12m_ago as segment,
    cohort.plan_12m_ago as plan,
    cohort.region_12m_ago as region,
    cohort.channel,
    sum(cohort.earlier_mrr) as base_mrr_12m,
    sum(cohort.kept_mrr) as kept_mrr_12m,
    sum(least(cohort.kept_mrr, cohort.earlier_mrr)) as kept_capped_mrr_12m
from cohort
group by
    cohort.month,
    cohort.segment_12m_ago,
    cohort.plan_12m_ago,
    cohort.region_12m_ago,
    cohort.channel
