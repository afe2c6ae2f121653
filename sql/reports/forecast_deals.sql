-- description = "Every deal that was open on a day a forecast can be made from, and what it had brought in a quarter later. One row per day and open deal of known amount."
-- columns.origin = "Day on which the deal was open"
-- columns.age_band = "Days since creation: under 30, 60, 120, or more"
-- columns.base = "Amount on that day"
-- columns.outcome = "Amount it was won with by the end of the quarter, 0 when it was not won by then; empty while the quarter runs"
create or replace macro reports.forecast_deals(segments := null) as table
select
    origins.origin,
    held.deal_id,
    held.stage,
    case
        when held.created_on is null then 'unknown'
        when date_diff('day', held.created_on, origins.origin) < 30
            then 'under 30 days'
        when date_diff('day', held.created_on, origins.origin) < 60
            then '30 to 59 days'
        when date_diff('day', held.created_on, origins.origin) < 120
            then '60 to 119 days'
        else '120 days or more'
    end as age_band,
    cast(held.amount as double) as base,
    case
        when not origins.is_over then null
        when later.status = 'won' then coalesce(cast(later.amount as double), 0)
        else 0
    end as outcome
from reports.forecast_origins as origins
inner join marts.deal_states as held
    on origins.origin >= held.valid_from and origins.origin < held.valid_to
left join marts.deal_states as later
    on
        held.deal_id = later.deal_id
        and origins.horizon >= later.valid_from
        and origins.horizon < later.valid_to
where
    origins.subject = 'deals'
    and held.status = 'open'
    and held.amount > 0
    and (segments is null or list_contains(segments, held.segment))
order by origins.origin, held.deal_id
