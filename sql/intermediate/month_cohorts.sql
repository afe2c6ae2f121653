-- description = "What the customers who paid 12 months earlier pay now, in the slice where they were then. One row per month, segment, plan, region and channel."
-- columns.base_mrr_12m = "MRR 12 months ago"
-- columns.kept_mrr_12m = "MRR now of the customers who paid 12 months ago"
-- columns.kept_capped_mrr_12m = "The same, no customer counted with more than 12 months ago"
with cohort as (
    select
        month_ends.month,
        month_ends.set_12m_ago,
        month_ends.earlier_mrr,
        case when breaks.customer_id is null then month_ends.mrr else 0 end
            as kept_mrr
    from intermediate.customer_month_ends as month_ends
    left join intermediate.cohort_breaks as breaks
        on
            month_ends.customer_id = breaks.customer_id
            and month_ends.month = breaks.month
    where month_ends.earlier_mrr > 0
),

added as (
    select
        cohort.month,
        cohort.set_12m_ago,
        sum(cohort.earlier_mrr) as base_mrr_12m,
        sum(cohort.kept_mrr) as kept_mrr_12m,
        sum(least(cohort.kept_mrr, cohort.earlier_mrr)) as kept_capped_mrr_12m
    from cohort
    group by cohort.month, cohort.set_12m_ago
)

select
    added.month,
    sets.segment,
    sets.plan,
    sets.region,
    sets.channel,
    added.base_mrr_12m,
    added.kept_mrr_12m,
    added.kept_capped_mrr_12m
from added
inner join intermediate.attribute_sets as sets
    on added.set_12m_ago = sets.attribute_set
