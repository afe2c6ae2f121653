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

-- bare names: where there is no qualify, it becomes a filter around the select
changes as (
    select *
    from named
    window deal as (partition by deal_id order by valid_from)
    qualify
        state is distinct from lag(state) over deal
        or stage is distinct from lag(stage) over deal
        or amount is distinct from lag(amount) over deal
        or probability is distinct from lag(probability) over deal
        or expected_close is distinct from lag(expected_close) over deal
        or closed_on is distinct from lag(closed_on) over deal
        or created_on is distinct from lag(created_on) over deal
        or account is distinct from lag(account) over deal
        or segment is distinct from lag(segment) over deal
        or owner is distinct from lag(owner) over deal
        or channel is distinct from lag(channel) over deal
        or region is distinct from lag(region) over deal
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
