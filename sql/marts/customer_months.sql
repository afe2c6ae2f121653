-- description = "What each customer paid at the beginning and at the end of each month, and what changed; 0 is kept after churn. One row per customer and month from the first period to the as-of month."
-- columns.opening_mrr = "MRR at the previous month end; empty when only one snapshot is known"
-- columns.closing_mrr = "MRR at the month's end, or at the as-of date while it runs"
-- columns.movement = "new, reactivation, expansion, contraction or churn; empty when MRR stayed"
-- columns.was_customer = "Counted as a customer at the previous month end"
-- columns.joined_and_left = "Paid inside the month, but neither at its beginning nor at its end"
-- columns.is_customer_ever = "Has counted as a customer in this or an earlier month"
-- columns.is_churned_ever = "Has stopped counting as a customer in this or an earlier month"
-- columns.mrr_12m_ago = "MRR at the month end 12 months earlier; 0 before the first period"
-- columns.is_backfilled = "Segment and region are today's, since no snapshot of the customer is as old as the month"
with history as (
    select
        month_ends.customer_id,
        month_ends.month,
        months.measured_on,
        months.is_partial,
        sets.segment,
        sets.plan,
        sets.region,
        sets.channel,
        opening_sets.segment as opening_segment,
        opening_sets.plan as opening_plan,
        opening_sets.region as opening_region,
        earlier_sets.segment as segment_12m_ago,
        earlier_sets.plan as plan_12m_ago,
        earlier_sets.region as region_12m_ago,
        month_ends.mrr,
        month_ends.is_customer,
        month_ends.has_short_stay,
        lifetimes.first_paid_month,
        lifetimes.first_customer_month,
        lifetimes.first_lost_month,
        coalesce(month_ends.previous_is_customer, false) as was_customer,
        -- one snapshot knows no earlier month: that is unknown, not 0
        case
            when coverage.mrr_source <> 'one_snapshot'
                then coalesce(month_ends.previous_mrr, 0)
        end as opening_mrr,
        case
            when coverage.mrr_source = 'subscriptions'
                then coalesce(month_ends.earlier_mrr, 0)
            when coverage.mrr_source = 'snapshots' then month_ends.earlier_mrr
        end as mrr_12m_ago,
        coverage.mrr_source <> 'snapshots'
        and month_ends.month
        < cast(date_trunc('month', coverage.as_of) as date) as is_backfilled
    from intermediate.customer_month_ends as month_ends
    inner join intermediate.customer_lifetimes as lifetimes
        on month_ends.customer_id = lifetimes.customer_id
    inner join intermediate.revenue_months as months
        on month_ends.month = months.month
    inner join intermediate.attribute_sets as sets
        on month_ends.attribute_set = sets.attribute_set
    left join intermediate.attribute_sets as opening_sets
        on month_ends.opening_set = opening_sets.attribute_set
    left join intermediate.attribute_sets as earlier_sets
        on month_ends.set_12m_ago = earlier_sets.attribute_set
    cross join intermediate.revenue_coverage as coverage
)

select
    history.customer_id,
    history.month,
    history.measured_on,
    history.is_partial,
    history.segment,
    history.plan,
    history.region,
    history.channel,
    history.opening_segment,
    history.opening_plan,
    history.opening_region,
    history.opening_mrr,
    history.mrr as closing_mrr,
    -- whoever paid nothing before is new or back: asking for "more than
    -- before" first would call both an expansion
    case
        when history.opening_mrr is null or history.mrr = history.opening_mrr
            then null
        when
            history.opening_mrr = 0
            and history.month > history.first_paid_month
            then 'reactivation'
        when history.opening_mrr = 0 then 'new'
        when history.mrr = 0 then 'churn'
        when history.mrr > history.opening_mrr then 'expansion'
        when history.mrr < history.opening_mrr then 'contraction'
    end as movement,
    history.was_customer,
    history.is_customer,
    history.has_short_stay
    and not history.was_customer
    and not history.is_customer as joined_and_left,
    coalesce(history.month >= history.first_customer_month, false)
        as is_customer_ever,
    coalesce(history.month >= history.first_lost_month, false)
        as is_churned_ever,
    history.mrr_12m_ago,
    history.segment_12m_ago,
    history.plan_12m_ago,
    history.region_12m_ago,
    history.is_backfilled
from history
