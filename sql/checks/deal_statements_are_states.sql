-- description = "What was stated of a deal for a day is its state on that day. One row per statement that the states do not tell."
-- class = "error"
-- tested = "intermediate.deal_statements"
-- remedy = "sql/marts/deal_states.sql loses a statement, or ends its span too early."

select
    statements.deal_id,
    statements.as_of,
    statements.status as stated_status,
    states.status,
    statements.amount as stated_amount,
    states.amount,
    coalesce(states.amount, 0) - coalesce(statements.amount, 0) as gap
from intermediate.deal_statements as statements
left join marts.deal_states as states
    on
        statements.deal_id = states.deal_id
        and statements.as_of >= states.valid_from
        and statements.as_of < states.valid_to
where
    statements.status is distinct from states.status
    or statements.stage is distinct from states.stage
    or statements.amount is distinct from states.amount
    or statements.expected_close is distinct from states.expected_close
    or statements.closed_on is distinct from states.closed_on
    or statements.owner is distinct from states.owner
