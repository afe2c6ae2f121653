-- description = "What was stated of each deal for which day, as known now. One row per deal and day with a statement."
-- columns.removed_on = "First later day on which every deal was listed but this one; empty when it was stated again by then"

with heard as (
    select
        ledger.*,
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
        select max(newest.version) from intermediate.ledger_days as newest
    )
)

select
    heard.deal_id,
    heard.as_of,
    heard.status,
    heard.stage,
    heard.amount,
    heard.probability,
    heard.expected_close,
    heard.closed_on,
    heard.created_on,
    heard.stage_since,
    heard.account,
    heard.segment,
    heard.owner,
    heard.channel,
    heard.region,
    case
        when coalesce(heard.next_stated_on > heard.next_full_day, true)
            then heard.next_full_day
    end as removed_on
from heard
-- of two statements about one day the one known later counts
where heard.next_stated_on is distinct from heard.as_of
