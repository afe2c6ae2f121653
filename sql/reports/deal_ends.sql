-- description = "Deals that were in scope at either end of a period, or passed through it by closing within the window or while due in it, with both states side by side. One row per deal."
-- columns.status_at_start = "open, won, lost or removed when the period began; empty when not yet seen"
-- columns.amount_at_start = "Amount when the period began; empty when not known"
-- columns.amount_at_end = "Amount when the period ended; empty when not known"
-- columns.expected_close_at_start = "Expected close when the period began"
-- columns.expected_close_at_end = "Expected close when the period ended"
-- columns.was_due = "Due in the window when the period began"
-- columns.was_in_scope = "In scope when the period began"
create or replace macro reports.deal_ends(from_date, to_date, window_start := cast(null as date), window_end := cast(null as date), segments := null, owners := null, channels := null, regions := null, known_on := cast(null as date)) as table
-- two left joins, not a full one: DuckDB 1.5 cannot call that for many periods
with paired as (
    select
        start_state.deal_id,
        start_state,
        end_state
    from reports.deals_on(
        from_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as start_state
    left join reports.deals_on(
        to_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as end_state
        on start_state.deal_id = end_state.deal_id
    where start_state.is_in_scope
    union all
    select
        end_state.deal_id,
        start_state,
        end_state
    from reports.deals_on(
        to_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as end_state
    left join reports.deals_on(
        from_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as start_state
        on end_state.deal_id = start_state.deal_id
    where
        end_state.is_selected
        and not coalesce(start_state.is_in_scope, false)
        and (
            end_state.is_in_scope
            or (
                end_state.status in ('won', 'lost')
                -- the same closing known at both ends is no news
                and (
                    start_state.status is distinct from end_state.status
                    or start_state.closed_on
                    is distinct from end_state.closed_on
                )
                and (
                    (start_state.status = 'open' and start_state.is_due)
                    or (
                        end_state.closed_on > from_date
                        and coalesce(end_state.closed_on >= window_start, true)
                        and coalesce(end_state.closed_on < window_end, true)
                    )
                )
            )
        )
)

select
    paired.deal_id,
    paired.start_state.status as status_at_start,
    paired.end_state.status,
    paired.start_state.amount as amount_at_start,
    paired.end_state.amount as amount_at_end,
    paired.start_state.expected_close as expected_close_at_start,
    paired.end_state.expected_close as expected_close_at_end,
    paired.end_state.closed_on,
    coalesce(paired.end_state.created_on, paired.start_state.created_on)
        as created_on,
    coalesce(paired.end_state.account, paired.start_state.account) as account,
    paired.start_state.segment as segment_at_start,
    paired.start_state.owner as owner_at_start,
    coalesce(paired.end_state.segment, paired.start_state.segment) as segment,
    coalesce(paired.end_state.owner, paired.start_state.owner) as owner,
    coalesce(paired.end_state.channel, paired.start_state.channel) as channel,
    coalesce(paired.end_state.region, paired.start_state.region) as region,
    coalesce(paired.end_state.stage, paired.start_state.stage) as stage,
    coalesce(paired.start_state.is_due, false) as was_due,
    coalesce(paired.start_state.is_in_scope, false) as was_in_scope,
    coalesce(paired.end_state.is_due, false) as is_due,
    coalesce(paired.end_state.is_selected, false) as is_selected,
    coalesce(paired.end_state.is_in_scope, false) as is_in_scope
from paired
