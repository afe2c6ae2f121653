-- description = "Every loaded deal is in the deals mart once, in exactly one state, with its amount."
-- class = "error"
-- tested = "staging.pipeline_deals"
-- remedy = "A join in sql/marts/deals.sql loses or doubles deals, or a status is not one of Open, Closed_Won and Closed_Lost."

with counted as (
    select
        deals.deal_id,
        count(*) as times,
        sum(deals.amount) as amount,
        sum(
            cast(deals.is_open as integer)
            + cast(deals.is_won as integer)
            + cast(deals.is_lost as integer)
        ) as states
    from marts.deals
    group by deals.deal_id
)

select
    coalesce(input.deal_id, counted.deal_id) as deal_id,
    counted.times,
    counted.states,
    input.amount as input_amount,
    counted.amount as mart_amount,
    coalesce(counted.amount, 0) - coalesce(input.amount, 0) as gap
from staging.pipeline_deals as input
full join counted
    on input.deal_id = counted.deal_id
where
    input.deal_id is null
    or counted.times is distinct from 1
    or counted.states is distinct from 1
    or counted.amount is distinct from input.amount
