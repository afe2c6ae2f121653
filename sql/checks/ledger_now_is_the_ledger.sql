-- description = "The states of deals as known from every build are the states in force. One row per state that only one of them has."
-- class = "error"
-- tested = "marts.deal_states"
-- remedy = "sql/reports/deal_states_known_on.sql and sql/marts/deal_states.sql tell the same story: mend the one that was changed alone."

with known as (
    select known_now.*
    from reports.deal_states_known_on((
        select max(days.version) from intermediate.ledger_days as days
    )) as known_now
)

select
    'only as known on the day' as side,
    extra.*
from (
    select known.* from known
    except all
    select states.* from marts.deal_states as states
) as extra
union all by name
select
    'only in force' as side,
    missing.*
from (
    select states.* from marts.deal_states as states
    except all
    select known.* from known
) as missing
