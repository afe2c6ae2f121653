-- description = "Every deal's states as they were known on a day, from the builds up to that day; NULL means now. One row per deal and span of days without a change."

create or replace macro reports.deal_states_known_on(known_on) as table
-- marts.deal_states, told from fewer builds: a check holds the two together
with heard as (
    select
        ledger.* exclude (
            known_at, known_as_of, origin, is_snapshot, _file, _line, _load_id
        ),
        days.next_full_day,
        lead(ledger.as_of) over (
            partition by ledger.deal_id order by ledger.as_of, ledger.known_at
        ) as next_stated_on
    from staging.deal_ledger as ledger
    inner join intermediate.ledger_days as days
        on
            ledger.as_of = days.as_of
            and ledger.origin = days.origin
            and ledger.known_at = days.known_at
    where days.version = (
        select max(heard_by.version)
        from intermediate.ledger_days as heard_by
        where known_on is null or heard_by.version <= known_on
    )
),

counted as (
    select
        heard.* exclude (as_of, next_full_day, next_stated_on),
        heard.as_of as valid_from,
        case
            when coalesce(heard.next_stated_on > heard.next_full_day, true)
                then heard.next_full_day
        end as removed_on
    from heard
    where heard.next_stated_on is distinct from heard.as_of
),

events as (
    select counted.* exclude (removed_on)
    from counted
    union all by name
    select
        counted.* exclude (removed_on, valid_from, status),
        counted.removed_on as valid_from,
        'removed' as status
    from counted
    where counted.removed_on is not null
),

changes as (
    select
        events.*,
        struct_pack(
            events.status, events.stage, events.amount, events.probability,
            events.expected_close, events.closed_on, events.created_on,
            events.account, events.segment, events.owner, events.channel,
            events.region
        ) as state
    from events
    qualify
        state is distinct from lag(state) over (
            partition by events.deal_id order by events.valid_from
        )
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
    changes.status,
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
