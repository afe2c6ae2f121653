-- description = "The spans of a deal neither overlap nor leave a gap, and the last one is open: one state per deal and day. One row per span that does not lead to the next."
-- class = "error"
-- tested = "marts.deal_states"
-- remedy = "sql/marts/deal_states.sql ends a span elsewhere than where the next one begins."

select
    followed.deal_id,
    followed.valid_from,
    followed.valid_to,
    followed.next_valid_from,
    date_diff('day', followed.valid_to, followed.next_valid_from) as gap
from (
    select
        states.deal_id,
        states.valid_from,
        states.valid_to,
        lead(states.valid_from, 1, date '9999-12-31') over (
            partition by states.deal_id
            order by states.valid_from, states.valid_to
        ) as next_valid_from
    from marts.deal_states as states
) as followed
where
    followed.valid_to <> followed.next_valid_from
    or followed.valid_from >= followed.valid_to
