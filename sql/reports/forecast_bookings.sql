-- description = "Bookings of the quarter after each day a forecast can be made from, beside what simple forecasts would have said. One row per day."
-- columns.origin = "Day at whose end the forecast is made"
-- columns.horizon = "Last day of the three months after it"
-- columns.actual = "Known amounts won in these three months; empty while they run"
-- columns.from_new = "Of it, from other deals than those open at the origin with a known amount: nearly all of them created later"
-- columns.run_rate = "Amounts of deals created in the three months up to the origin, as they stood then"
-- columns.last_quarter = "Won in the three months up to the origin; empty where the ledger does not reach back"
-- columns.year_before = "Won in the same three months a year earlier; empty where the ledger does not reach back"
create or replace macro reports.forecast_bookings(segments := null) as table
with origins as (
    select *
    from reports.forecast_origins
    where subject = 'deals'
),

created as (
    select
        origins.origin,
        sum(cast(states.amount as double)) as run_rate
    from origins
    inner join marts.deal_states as states
        on
            origins.origin >= states.valid_from
            and origins.origin < states.valid_to
            and origins.quarter_ago < states.created_on
    where segments is null or list_contains(segments, states.segment)
    group by origins.origin
),

held as (
    select
        deals.origin,
        sum(deals.outcome) as outcome
    from reports.forecast_deals(segments := segments) as deals
    group by deals.origin
),

booked as (
    select
        origins.origin,
        sum(cast(won.amount as double))
            filter (won.close_date > origins.origin) as actual,
        sum(cast(won.amount as double)) filter (
            won.close_date > origins.quarter_ago
            and won.close_date <= origins.origin
        ) as last_quarter,
        sum(cast(won.amount as double)) filter (
            won.close_date >= origins.year_ago_from
            and won.close_date < origins.year_ago_until
        ) as year_before
    from origins
    inner join marts.deals as won
        on origins.horizon >= won.close_date
    where
        won.is_won and (segments is null or list_contains(segments, won.segment))
    group by origins.origin
)

select
    origins.origin,
    origins.horizon,
    case when origins.is_over then coalesce(booked.actual, 0) end as actual,
    case
        when origins.is_over
            then coalesce(booked.actual, 0) - coalesce(held.outcome, 0)
    end as from_new,
    coalesce(created.run_rate, 0) as run_rate,
    case when origins.has_quarter_before then coalesce(booked.last_quarter, 0) end
        as last_quarter,
    case when origins.has_year_before then coalesce(booked.year_before, 0) end
        as year_before,
    origins.first_known
from origins
left join booked
    on origins.origin = booked.origin
left join held
    on origins.origin = held.origin
left join created
    on origins.origin = created.origin
order by origins.origin
