-- description = "How long each deal stood in each stage and where it went. One row per deal and stay."
-- columns.entered_on = "First day seen in the stage"
-- columns.left_on = "First day seen elsewhere; empty while it stands there"
-- columns.stay_days = "Days from entering to leaving, or to the last day known"
-- columns.outcome = "advanced, lost, moved_back, removed or still_there"
-- columns.is_entry_known = "The ledger saw it enter; otherwise it stood there when the ledger began"
-- columns.is_won_deal = "The deal was won in the end"
create or replace macro reports.stage_stays(known_on := cast(null as date)) as table
with visible as (
    select
        states.*,
        lead(states.status) over (
            partition by states.deal_id order by states.valid_from
        ) as next_status
    from reports.ledger_states(known_on) as states
),

placed as (
    select
        visible.*,
        case visible.status when 'open' then visible.stage else visible.status end
            as place,
        lag(place) over deal as place_before,
        last_value(visible.status) over (
            partition by visible.deal_id order by visible.valid_from
            rows between unbounded preceding and unbounded following
        ) as last_status
    from visible
    -- absent for a while is no place of its own: the deal goes on where it was
    where visible.status <> 'removed' or visible.next_status is null
    window deal as (partition by visible.deal_id order by visible.valid_from)
),

arrivals as (
    select
        placed.*,
        lead(placed.valid_from) over deal as left_on,
        lead(placed.place) over deal as next_place
    from placed
    where placed.place is distinct from placed.place_before
    window deal as (partition by placed.deal_id order by placed.valid_from)
)

select
    arrivals.deal_id,
    arrivals.stage,
    stages.position,
    arrivals.valid_from as entered_on,
    arrivals.left_on,
    date_diff(
        'day', arrivals.valid_from, coalesce(arrivals.left_on, coverage.last_date)
    ) as stay_days,
    case
        when arrivals.next_place is null then 'still_there'
        when arrivals.next_place in ('lost', 'removed') then arrivals.next_place
        when arrivals.next_place = 'won' then 'advanced'
        when next_stages.position > stages.position then 'advanced'
        else 'moved_back'
    end as outcome,
    arrivals.valid_from > coverage.first_date
    or arrivals.created_on = arrivals.valid_from as is_entry_known,
    arrivals.last_status = 'won' as is_won_deal,
    arrivals.amount,
    arrivals.segment,
    arrivals.owner,
    arrivals.channel,
    arrivals.region
from arrivals
cross join reports.ledger_coverage(known_on := known_on) as coverage
left join meta.members as stages
    on arrivals.stage = stages.member and stages.kind = 'stage'
left join meta.members as next_stages
    on arrivals.next_place = next_stages.member and next_stages.kind = 'stage'
where arrivals.status = 'open'
