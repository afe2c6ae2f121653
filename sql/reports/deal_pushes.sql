-- description = "Each time an open deal's expected close was moved to a later day. One row per push."
-- columns.pushed_on = "First day on which the later date stood"
-- columns.expected_close_before = "Expected close until then"
-- columns.pushed_days = "Days by which the expected close moved"
create or replace macro reports.deal_pushes(known_on := cast(null as date)) as table
with followed as (
    select
        states.deal_id,
        states.valid_from,
        states.status,
        states.expected_close,
        states.owner,
        states.segment,
        states.stage,
        lag(states.status) over deal as status_before,
        lag(states.expected_close) over deal as expected_close_before
    from reports.ledger_states(known_on) as states
    -- absent for a while is no state of its own: the deal goes on where it was
    where states.status <> 'removed'
    window deal as (partition by states.deal_id order by states.valid_from)
)

select
    followed.deal_id,
    followed.valid_from as pushed_on,
    followed.owner,
    followed.segment,
    followed.stage,
    followed.expected_close_before,
    followed.expected_close,
    date_diff('day', followed.expected_close_before, followed.expected_close)
        as pushed_days
from followed
where
    followed.status = 'open'
    and followed.status_before = 'open'
    and followed.expected_close > followed.expected_close_before
