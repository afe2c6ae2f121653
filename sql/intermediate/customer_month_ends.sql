-- description = "What each customer paid when a month was measured, beside the previous month and the month 12 months earlier. One row per customer and month from the first period to the as-of month."
-- columns.mrr = "MRR when the month was measured; 0 without a running period"
-- columns.previous_mrr = "MRR at the previous month end; empty in the first month"
-- columns.previous_is_customer = "Counted as a customer at the previous month end"
-- columns.opening_segment = "Segment at the previous month end"
-- columns.opening_plan = "Plan at the previous month end"
-- columns.opening_region = "Region at the previous month end"
-- columns.earlier_mrr = "MRR at the month end 12 months earlier; empty before the first period"
-- columns.segment_12m_ago = "Segment at the month end 12 months earlier"
-- columns.plan_12m_ago = "Plan at the month end 12 months earlier"
-- columns.region_12m_ago = "Region at the month end 12 months earlier"
-- columns.lowest_mrr_12m = "Lowest MRR of this month end and the 12 before it"
-- columns.has_short_stay = "Paid and stopped again inside the month"
with months as (
    select
        months.month,
        months.measured_on,
        months.is_partial
    from intermediate.revenue_months as months
    union all
    -- what the first month opens with: a ledger begins with nothing before it
    select
        cast(min(months.month) - interval 1 month as date) as month,
        cast(min(months.month) - interval 1 day as date) as measured_on,
        false as is_partial
    from intermediate.revenue_months as months
),

month_ends as (
    select
        states.customer_id,
        months.month,
        months.measured_on,
        months.is_partial,
        states.segment,
        states.plan,
        states.region,
        states.channel,
        states.mrr,
        states.is_customer
    from intermediate.customer_states as states
    inner join months
        on
            states.valid_from <= months.measured_on
            and states.valid_to > months.measured_on
),

compared as (
    select
        month_ends.customer_id,
        month_ends.month,
        month_ends.measured_on,
        month_ends.is_partial,
        month_ends.segment,
        month_ends.plan,
        month_ends.region,
        month_ends.channel,
        month_ends.mrr,
        month_ends.is_customer,
        lag(month_ends.mrr) over history as previous_mrr,
        lag(month_ends.is_customer) over history as previous_is_customer,
        lag(month_ends.segment) over history as opening_segment,
        lag(month_ends.plan) over history as opening_plan,
        lag(month_ends.region) over history as opening_region,
        lag(month_ends.mrr, 12) over history as earlier_mrr,
        lag(month_ends.segment, 12) over history as segment_12m_ago,
        lag(month_ends.plan, 12) over history as plan_12m_ago,
        lag(month_ends.region, 12) over history as region_12m_ago,
        min(month_ends.mrr) over (
            partition by month_ends.customer_id
            order by month_ends.month asc
            rows between 12 preceding and current row
        ) as lowest_mrr_12m,
        short_stays.customer_id is not null as has_short_stay
    from month_ends
    left join intermediate.short_stays as short_stays
        on
            month_ends.customer_id = short_stays.customer_id
            and month_ends.month = short_stays.month
    window history as (
        partition by month_ends.customer_id
        order by month_ends.month asc
    )
)

select compared.*
from compared
where compared.month >= (
    select min(months.month) from intermediate.revenue_months as months
)
