-- description = "Deals that were in scope at either end of a period, or passed through it by closing within the window or while due in it, with both states side by side. One row per deal."
-- columns.status_at_start = "open, won, lost or removed when the period began; empty when not yet seen"
-- columns.amount_at_start = "Amount when the period began; empty when not known"
-- columns.amount_at_end = "Amount when the period ended; empty when not known"
-- columns.expected_close_at_start = "Expected close when the period began"
-- columns.expected_close_at_end = "Expected close when the period ended"
-- columns.was_due = "Due in the window when the period began"
-- columns.was_in_scope = "In scope when the period began"
create or replace macro reports.deal_ends(from_date, to_date, window_start := cast(null as date), window_end := cast(null as date), segments := null, owners := null, channels := null, regions := null, known_on := cast(null as date)) as table
-- the deals in question first, and left joins: few rows meet many, and DuckDB 1.5
-- cannot call a full join for many periods at once
with candidates as (
    select opening.deal_id
    from reports.deals_on(
        from_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as opening
    where opening.is_in_scope
    union
    select closing.deal_id
    from reports.deals_on(
        to_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as closing
    where
        closing.is_selected
        -- what came into scope or was closed has changed since
        and closing.valid_from > from_date
),

paired as (
    select
        candidates.deal_id,
        start_state.status as status_at_start,
        end_state.status,
        start_state.amount as amount_at_start,
        end_state.amount as amount_at_end,
        start_state.expected_close as expected_close_at_start,
        end_state.expected_close as expected_close_at_end,
        start_state.closed_on as closed_on_at_start,
        end_state.closed_on,
        coalesce(end_state.created_on, start_state.created_on) as created_on,
        coalesce(end_state.account, start_state.account) as account,
        start_state.segment as segment_at_start,
        start_state.owner as owner_at_start,
        coalesce(end_state.segment, start_state.segment) as segment,
        coalesce(end_state.owner, start_state.owner) as owner,
        coalesce(end_state.channel, start_state.channel) as channel,
        coalesce(end_state.region, start_state.region) as region,
        coalesce(end_state.stage, start_state.stage) as stage,
        coalesce(start_state.is_due, false) as was_due,
        coalesce(start_state.is_in_scope, false) as was_in_scope,
        coalesce(end_state.is_due, false) as is_due,
        coalesce(end_state.is_selected, false) as is_selected,
        coalesce(end_state.is_in_scope, false) as is_in_scope
    from candidates
    left join reports.deals_on(
        from_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as start_state
        on candidates.deal_id = start_state.deal_id
    left join reports.deals_on(
        to_date,
        window_start := window_start, window_end := window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as end_state
        on candidates.deal_id = end_state.deal_id
)

select paired.* exclude (closed_on_at_start)
from paired
where
    paired.was_in_scope
    or paired.is_in_scope
    or (
        paired.status in ('won', 'lost')
        -- the same closing known at both ends is no news
        and (
            paired.status_at_start is distinct from paired.status
            or paired.closed_on_at_start is distinct from paired.closed_on
        )
        and (
            (paired.status_at_start = 'open' and paired.was_due)
            or (
                paired.closed_on > from_date
                and coalesce(paired.closed_on >= window_start, true)
                and coalesce(paired.closed_on < window_end, true)
            )
        )
    )
