-- description = "What each customer paid when a month was measured, beside the previous month and the month 12 months earlier. One row per customer and month from the first period to the as-of month."
-- columns.attribute_set = "Segment, plan, region and channel at the month end, as numbered in intermediate.attribute_sets"
-- columns.mrr = "MRR when the month was measured; 0 without a running period"
-- columns.previous_mrr = "MRR at the previous month end; empty in the first month"
-- columns.previous_is_customer = "Counted as a customer at the previous month end"
-- columns.opening_set = "Attribute set at the previous month end"
-- columns.earlier_mrr = "MRR at the month end 12 months earlier; empty before the first period"
-- columns.set_12m_ago = "Attribute set at the month end 12 months earlier"
-- columns.has_short_stay = "Paid and stopped again inside the month"
with months as (
    select
        months.month,
        months.measured_on
    from intermediate.revenue_months as months
    union all
    -- what the first month opens with: a ledger begins with nothing before it
    select
        cast(min(months.month) - interval 1 month as date) as month,
        cast(min(months.month) - interval 1 day as date) as measured_on
    from intermediate.revenue_months as months
),

-- numbers before months: texts are compared once per state, not per month
states as (
    select
        states.customer_id,
        states.valid_from,
        states.valid_to,
        sets.attribute_set,
        states.mrr,
        states.is_customer
    from intermediate.customer_states as states
    inner join intermediate.attribute_sets as sets
        on
            states.segment is not distinct from sets.segment
            and states.plan is not distinct from sets.plan
            and states.region is not distinct from sets.region
            and states.channel is not distinct from sets.channel
),

month_ends as (
    select
        states.customer_id,
        months.month,
        states.attribute_set,
        states.mrr,
        states.is_customer
    from states
    inner join months
        on
            states.valid_from <= months.measured_on
            and states.valid_to > months.measured_on
),

compared as (
    select
        month_ends.customer_id,
        month_ends.month,
        month_ends.attribute_set,
        month_ends.mrr,
        month_ends.is_customer,
        lag(month_ends.mrr) over history as previous_mrr,
        lag(month_ends.is_customer) over history as previous_is_customer,
        lag(month_ends.attribute_set) over history as opening_set,
        lag(month_ends.mrr, 12) over history as earlier_mrr,
        lag(month_ends.attribute_set, 12) over history as set_12m_ago
    from month_ends
    window history as (
        partition by month_ends.customer_id
        order by month_ends.month asc
    )
)

select
    compared.*,
    short_stays.customer_id is not null as has_short_stay
from compared
left join intermediate.short_stays as short_stays
    on
        compared.customer_id = short_stays.customer_id
        and compared.month = short_stays.month
where compared.month >= (
    select min(months.month) from intermediate.revenue_months as months
)
