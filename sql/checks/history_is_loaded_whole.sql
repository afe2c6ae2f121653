-- description = "Each day's statements stand in the ledgers with as many rows as history recorded. One row per day, origin and build where they do not."
-- class = "error"
-- tested = "select count(*) from meta.history where is_heard"
-- remedy = "Compare warehouse/history with a backup: rows were lost or doubled on the way."

with stated as (
    select
        'deals' as subject,
        ledger.origin,
        ledger.as_of,
        ledger.known_at,
        count(*) as rows
    from raw.deal_ledger as ledger
    group by ledger.origin, ledger.as_of, ledger.known_at
    union all
    select
        'customers' as subject,
        ledger.origin,
        ledger.as_of,
        ledger.known_at,
        count(*) as rows
    from raw.customer_ledger as ledger
    group by ledger.origin, ledger.as_of, ledger.known_at
)

select
    history.subject,
    history.origin,
    history.as_of,
    history.known_at,
    history.rows as recorded_rows,
    stated.rows as ledger_rows,
    coalesce(stated.rows, 0) - history.rows as gap
from meta.history
left join stated
    on
        history.subject = stated.subject
        and history.origin = stated.origin
        and history.as_of = stated.as_of
        and history.known_at = stated.known_at
where history.is_heard and coalesce(stated.rows, 0) <> history.rows
