-- description = "What each customer paid from one customer snapshot to the next. One row per customer and span."
with stated as (
    select
        ledger.*,
        snapshots.next_as_of,
        lead(ledger.as_of) over (
            partition by ledger.customer_id order by ledger.as_of
        ) as next_stated_on
    from staging.customer_ledger as ledger
    inner join intermediate.customer_snapshots as snapshots
        on
            ledger.as_of = snapshots.as_of
            and ledger.known_at = snapshots.known_at
),

spans as (
    select
        stated.*,
        stated.next_as_of is not null
        and stated.next_stated_on is null
        and not stated.has_left as is_last_seen,
        coalesce(stated.churn_date <= stated.next_as_of, false) as leaves_next
    from stated
)

select
    spans.customer_id,
    spans.as_of as valid_from,
    case
        when spans.is_last_seen then spans.next_as_of
        else coalesce(spans.next_stated_on, date '9999-12-31')
    end as valid_to,
    spans.segment,
    spans.region,
    spans.plan,
    spans.stated_mrr as mrr,
    case when spans.has_left then 0 else 1 end as running_periods
from spans
union all
-- absent as announced: it has left
select
    spans.customer_id,
    spans.next_as_of as valid_from,
    date '9999-12-31' as valid_to,
    spans.segment,
    spans.region,
    spans.plan,
    0 as mrr,
    0 as running_periods
from spans
where spans.is_last_seen and spans.leaves_next
