-- description = "Customers whom a later snapshot no longer lists, though nothing says that they left: from then on what they pay is not known. One row per customer."
-- columns.departed_mrr = "What the customer paid when last measured"
with last_seen as (
    select
        states.customer_id,
        max(states.valid_to) as unknown_from
    from intermediate.snapshot_states as states
    group by states.customer_id
    having max(states.valid_to) < date '9999-12-31'
)

select
    month_ends.customer_id,
    following.month,
    following.measured_on,
    sets.segment,
    sets.plan,
    sets.region,
    sets.channel,
    month_ends.is_customer,
    month_ends.mrr as departed_mrr
from last_seen
inner join intermediate.customer_month_ends as month_ends
    on last_seen.customer_id = month_ends.customer_id
inner join intermediate.attribute_sets as sets
    on month_ends.attribute_set = sets.attribute_set
inner join intermediate.revenue_months as following
    on cast(month_ends.month + interval 1 month as date) = following.month
where following.measured_on >= last_seen.unknown_from
qualify
    row_number() over (
        partition by month_ends.customer_id order by following.month
    ) = 1
