-- description = "Every deal's states as known now: what was said of it, from when to when. One row per deal and span of days without a change."
-- columns.valid_from = "First day at whose end the deal was in this state"
-- columns.valid_to = "First day no longer in this state; 9999-12-31 while it is current"
-- columns.status = "open, won, lost, or removed: absent where every deal was listed"

with events as (
    select
        statements.*,
        statements.as_of as valid_from
    from intermediate.deal_statements as statements
    union all
    select
        statements.*,
        statements.removed_on
    from intermediate.deal_statements as statements
    where statements.removed_on is not null
),

named as (
    select
        events.*,
        -- it is gone from the day on which it is missed
        case
            when events.valid_from = events.removed_on then 'removed'
            else events.status
        end as state
    from events
),

changes as (
    select named.*
    from named
    window deal as (partition by named.deal_id order by named.valid_from)
    qualify
        named.state is distinct from lag(named.state) over deal
        or named.stage is distinct from lag(named.stage) over deal
        or named.amount is distinct from lag(named.amount) over deal
        or named.probability is distinct from lag(named.probability) over deal
        or named.expected_close
        is distinct from lag(named.expected_close) over deal
        or named.closed_on is distinct from lag(named.closed_on) over deal
        or named.created_on is distinct from lag(named.created_on) over deal
        or named.account is distinct from lag(named.account) over deal
        or named.segment is distinct from lag(named.segment) over deal
        or named.owner is distinct from lag(named.owner) over deal
        or named.channel is distinct from lag(named.channel) over deal
        or named.region is distinct from lag(named.region) over deal
)

select
    changes.deal_id,
    changes.valid_from,
    coalesce(
        lead(changes.valid_from) over (
            partition by changes.deal_id order by changes.valid_from
        ),
        date '9999-12-31'
    ) as valid_to,
    changes.state as status,
    changes.stage,
    changes.amount,
    changes.probability,
    changes.expected_close,
    changes.closed_on,
    changes.created_on,
    changes.account,
    changes.segment,
    changes.owner,
    changes.channel,
    changes.region
from changes
order by valid_from, changes.deal_id
