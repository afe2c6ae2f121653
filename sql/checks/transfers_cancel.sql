-- description = "What leaves one slice in a month arrives in another. One row per month in which it does not."
-- class = "error"
-- tested = "select count(*) from marts.mrr_transfers"
-- needs = "subscriptions"
-- remedy = "A transfer was booked on one side only: see marts.mrr_transfers and marts.mrr_movements."
select
    movements.month,
    sum(movements.amount) filter (movements.movement = 'transferred_in')
        as transferred_in_mrr,
    sum(movements.amount) filter (movements.movement = 'transferred_out')
        as transferred_out_mrr,
    sum(
        case
            when movements.movement = 'transferred_in' then movements.amount
            else -movements.amount
        end
    ) as gap
from marts.mrr_movements as movements
where movements.movement in ('transferred_in', 'transferred_out')
group by movements.month
having
    sum(
        case
            when movements.movement = 'transferred_in' then movements.amount
            else -movements.amount
        end
    ) <> 0
