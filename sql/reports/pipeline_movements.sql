-- description = "The deals behind the pipeline waterfall between the ends of two days, each with what it adds to a bucket. One to three rows per deal."
-- columns.bucket = "opening, created, pulled_in, transferred_in, reopened, increase, decrease, won, lost, pushed_out, pulled_earlier, transferred_out, removed or closing"
-- columns.position = "Place of the bucket in the waterfall"
-- columns.amount = "Signed: rows other than closing add up to the closing"
-- columns.is_without_amount = "The amount is empty and counts as 0"
-- columns.status = "open, won, lost or removed when the period ended"
create or replace macro reports.pipeline_movements(from_date, to_date, window_start, window_end, segments := null, owners := null, channels := null, regions := null, known_on := cast(null as date)) as table
with entered as (
    select
        ends.*,
        case
            when ends.was_in_scope then 'opening'
            when ends.status_at_start is null then 'created'
            when ends.status_at_start <> 'open' then 'reopened'
            -- due first: then slices add up in every bucket but the transfers
            when not ends.was_due then 'pulled_in'
            else 'transferred_in'
        end as entry,
        entry in ('created', 'reopened') as is_new_in_books,
        case
            when ends.is_in_scope then 'closing'
            when coalesce(ends.status = 'removed', true) then 'removed'
            when ends.status = 'open' and not ends.is_due
                then
                    case
                        when ends.expected_close_at_end < window_start
                            then 'pulled_earlier'
                        else 'pushed_out'
                    end
            when not ends.is_selected then 'transferred_out'
            else ends.status
        end as leaving
    from reports.deal_ends(
        from_date, to_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as ends
    cross join reports.ledger_coverage(known_on := known_on) as days
    where
        from_date <= to_date
        and from_date >= days.first_date
        and to_date <= days.last_date
),

valued as (
    select
        entered.*,
        case
            when entered.is_new_in_books then entered.amount_at_end
            else entered.amount_at_start
        end as entry_amount,
        case
            when
                entered.leaving in ('closing', 'won')
                or (entered.leaving = 'lost' and entered.amount_at_end <> 0)
                then entered.amount_at_end
            -- cleared on losing, or gone: it leaves with what it came with
            else entry_amount
        end as leaving_amount,
        coalesce(leaving_amount, 0) - coalesce(entry_amount, 0) as revaluation
    from entered
),

moved as (
    select
        valued.*,
        unnest([
            {
                'bucket': valued.entry,
                'amount': coalesce(valued.entry_amount, 0),
                'is_without_amount': valued.entry_amount is null
            },
            {
                'bucket': case
                    when valued.revaluation > 0 then 'increase'
                    when valued.revaluation < 0 then 'decrease'
                end,
                'amount': valued.revaluation,
                'is_without_amount':
                    valued.entry_amount is null
                    or valued.leaving_amount is null
            },
            {
                'bucket': valued.leaving,
                'amount': coalesce(valued.leaving_amount, 0)
                * case when valued.leaving = 'closing' then 1 else -1 end,
                'is_without_amount': valued.leaving_amount is null
            }
        ]) as movement
    from valued
)

select
    moved.deal_id,
    moved.movement.bucket,
    buckets.position,
    moved.movement.amount,
    moved.movement.is_without_amount,
    moved.account,
    moved.segment,
    moved.owner,
    moved.channel,
    moved.region,
    moved.segment_at_start,
    moved.owner_at_start,
    moved.stage,
    moved.status,
    moved.status_at_start,
    moved.amount_at_start,
    moved.amount_at_end,
    moved.expected_close_at_start,
    moved.expected_close_at_end,
    moved.created_on,
    moved.closed_on
from moved
inner join intermediate.waterfall_buckets as buckets
    on moved.movement.bucket = buckets.bucket
order by buckets.position, moved.deal_id
