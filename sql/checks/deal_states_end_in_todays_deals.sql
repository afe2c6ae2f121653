-- description = "The current states of deals are today's deals: none more, none less, none different. One row per deal where they differ."
-- class = "error"
-- tested = "marts.deals"
-- remedy = "Today's file is the last word on its own day: sql/intermediate/ledger_days.sql lets something else speak."

with current_states as (
    select states.*
    from marts.deal_states as states
    where states.valid_to = date '9999-12-31' and states.status <> 'removed'
)

select
    coalesce(deals.deal_id, states.deal_id) as deal_id,
    deals.status as deals_status,
    states.status as states_status,
    deals.amount as deals_amount,
    states.amount as states_amount,
    coalesce(states.amount, 0) - coalesce(deals.amount, 0) as gap
from marts.deals
full join current_states as states
    on deals.deal_id = states.deal_id
where
    deals.deal_id is null
    or states.deal_id is null
    or deals.is_open <> (states.status = 'open')
    or deals.is_won <> (states.status = 'won')
    or deals.stage is distinct from states.stage
    or deals.amount is distinct from states.amount
    or deals.probability is distinct from states.probability
    or deals.expected_close is distinct from states.expected_close
    or deals.close_date is distinct from states.closed_on
    or deals.created_at is distinct from states.created_on
    or deals.account is distinct from states.account
    or deals.segment is distinct from states.segment
    or deals.owner is distinct from states.owner
    or deals.channel is distinct from states.channel
    or deals.region is distinct from states.region
