-- description = "Deals as they stood at the end of a day, removed ones included. One row per deal seen by then."
-- columns.is_due = "Expected to close within the window; true for every deal when the window has no bound"
-- columns.is_selected = "Passes the filters with what it carried that day"
-- columns.is_in_scope = "Open, due in the window and selected"
create or replace macro reports.deals_on(on_date, window_start := cast(null as date), window_end := cast(null as date), segments := null, owners := null, channels := null, regions := null, known_on := cast(null as date)) as table
with standing as (
    select
        states.*,
        case
            when window_start is null and window_end is null then true
            when states.expected_close is null then false
            else
                coalesce(states.expected_close >= window_start, true)
                and coalesce(states.expected_close < window_end, true)
        end as is_due,
        (segments is null or list_contains(segments, states.segment))
        and (owners is null or list_contains(owners, states.owner))
        and (channels is null or list_contains(channels, states.channel))
        and (
            regions is null
            or not coverage.has_deal_regions
            or list_contains(regions, states.region)
        ) as is_selected
    from reports.ledger_states(known_on) as states
    cross join intermediate.coverage
    where states.valid_from <= on_date and states.valid_to > on_date
)

select
    standing.*,
    standing.status = 'open' and standing.is_due and standing.is_selected
        as is_in_scope
from standing
