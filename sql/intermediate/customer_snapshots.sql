-- description = "The days of which all customers are known, as known now; none where a subscription ledger says more. One row per day."
-- columns.next_as_of = "The next such day"
with newest as (
    select
        history.as_of,
        max(history.known_at) as known_at
    from meta.history
    cross join meta.build
    where
        history.subject = 'customers'
        and history.is_heard
        and build.mrr_source = 'snapshots'
    group by history.as_of
)

select
    newest.as_of,
    newest.known_at,
    lead(newest.as_of) over (order by newest.as_of) as next_as_of
from newest
