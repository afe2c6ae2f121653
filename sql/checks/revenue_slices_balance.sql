-- description = "Every slice's month opens, moves and closes, transfers included. One row per month and slice that does not balance."
-- class = "error"
-- tested = "select count(*) from marts.revenue_monthly as monthly where monthly.opening_mrr is not null"
-- remedy = "A movement is booked in another slice than the MRR it moves: see marts.mrr_movements."
with transfers as (
    select
        movements.month,
        movements.segment,
        movements.plan,
        movements.region,
        movements.channel,
        sum(
            case
                when movements.movement = 'transferred_in' then movements.amount
                else -movements.amount
            end
        ) as amount
    from marts.mrr_movements as movements
    where movements.movement in ('transferred_in', 'transferred_out')
    group by
        movements.month,
        movements.segment,
        movements.plan,
        movements.region,
        movements.channel
),

slices as (
    select
        monthly.*,
        monthly.opening_mrr
        + monthly.new_mrr
        + monthly.reactivation_mrr
        + monthly.expansion_mrr
        - monthly.contraction_mrr
        - monthly.churned_mrr
        + coalesce(transfers.amount, 0) as expected_closing_mrr
    from marts.revenue_monthly as monthly
    left join transfers using (month, segment, plan, region, channel)
)

select
    slices.month,
    slices.segment,
    slices.plan,
    slices.region,
    slices.channel,
    slices.closing_mrr,
    slices.expected_closing_mrr,
    slices.closing_mrr - slices.expected_closing_mrr as gap
from slices
where slices.closing_mrr <> slices.expected_closing_mrr
