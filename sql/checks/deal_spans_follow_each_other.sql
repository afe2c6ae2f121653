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
        -- clients before 2.0 cannot read a view with a default within lead()
        coalesce(
            lead(states.valid_from) over (
                partition by states.deal_id
                order by states.valid_from, states.valid_to
            ),
            date '9999-12-31'
        ) as next_valid_from
    from marts.deal_states as states
) as followed
where
    followed.valid_to <> followed.next_valid_from
    or followed.valid_from >= followed.valid_to
