-- description = "The share of deals won, lost and still open so many days after creation, deals still running included (Aalen-Johansen). One row per cohort and day on which something changed, or horizon."
-- columns.cohort = "Member of the dimension `by`: segment, channel, owner, region, or the month, quarter or year of creation; 'all' without it"
-- columns.day = "Days since creation"
-- columns.deals = "Deals of the cohort"
-- columns.at_risk = "Deals that were still open and watched that long"
-- columns.won_share = "Share of the cohort won within so many days"
-- columns.lost_share = "Share of the cohort lost within so many days"
-- columns.still_open = "Share of the cohort neither won nor lost by then"
-- columns.is_mature = "Every deal of the cohort has had that many days; otherwise the younger ones are still to speak"
-- columns.is_partial = "The window leaves out known days of the month, quarter or year: not every deal of it is counted"
-- columns.deals_without_close_date = "Closed deals of the cohort that no curve can place"
create or replace macro reports.win_curve(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null, "by" := null, known_on := cast(null as date)) as table
with watched as (
    select
        case
            when "by" is null then 'all'
            when "by" = 'segment' then states.segment
            when "by" = 'channel' then states.channel
            when "by" = 'owner' then states.owner
            when "by" = 'region' then states.region
            when "by" in ('month', 'quarter', 'year')
                then coalesce(
                    cast(periods.period_start as varchar), 'unknown'
                )
            else error(
                'reports.win_curve: by := ' || "by" || ' is not one of'
                || ' segment, channel, owner, region, month, quarter, year'
            )
        end as cohort,
        case
            when states.closed_on <= ledger.last_date then states.status
            else 'open'
        end as outcome,
        states.status in ('won', 'lost') and states.closed_on is null
            as is_undated,
        -- a deal removed was watched until it vanished
        least(
            coalesce(states.closed_on, ledger.last_date),
            ledger.last_date,
            case
                when states.status = 'removed' then states.valid_from
                else ledger.last_date
            end
        ) as watched_until,
        states.created_on,
        date_diff('day', states.created_on, ledger.last_date) as age,
        coalesce(periods.period_start < since, false)
        or coalesce(until < periods.period_end and until <= ledger.last_date, false)
            as is_cut
    from reports.ledger_coverage(known_on := known_on) as ledger
    inner join reports.ledger_states(known_on) as states
        on states.valid_from <= ledger.last_date
        and states.valid_to > ledger.last_date
    cross join intermediate.coverage
    left join intermediate.periods
        on states.created_on = periods.date and periods.grain = "by"
    where
        states.created_on <= ledger.last_date
        and (since is null or states.created_on >= since)
        and (until is null or states.created_on < until)
        and (segments is null or list_contains(segments, states.segment))
        and (channels is null or list_contains(channels, states.channel))
        and (owners is null or list_contains(owners, states.owner))
        and (
            regions is null
            or not coverage.has_deal_regions
            or list_contains(regions, states.region)
        )
),

cohorts as (
    select
        watched.cohort,
        count(*) filter (where not watched.is_undated) as deals,
        count(*) filter (where watched.is_undated) as deals_without_close_date,
        min(watched.age) as youngest,
        max(watched.age) as oldest,
        bool_or(watched.is_cut) as is_partial
    from watched
    group by watched.cohort
),

days as (
    select
        watched.cohort,
        date_diff('day', watched.created_on, watched.watched_until) as day,
        1 as leaving,
        case when watched.outcome = 'won' then 1 else 0 end as won,
        case when watched.outcome = 'lost' then 1 else 0 end as lost
    from watched
    where not watched.is_undated
    union all
    -- where each curve begins, and the horizons people ask for, whether
    -- something happened that day or not
    select cohorts.cohort, horizons.day, 0, 0, 0
    from cohorts
    cross join (select unnest([0, 30, 60, 90, 180, 365]) as day) as horizons
    where horizons.day <= cohorts.oldest
),

daily as (
    select
        days.cohort,
        days.day,
        sum(days.leaving) as leaving,
        sum(days.won) as won,
        sum(days.lost) as lost
    from days
    group by days.cohort, days.day
),

risk as (
    select
        daily.*,
        cast(
            sum(daily.leaving) over (
                partition by daily.cohort order by daily.day desc
                rows unbounded preceding
            ) as bigint
        ) as at_risk
    from daily
),

surviving as (
    select
        risk.*,
        coalesce(
            product(
                1 - (risk.won + risk.lost) / nullif(risk.at_risk, 0)
            ) over (
                partition by risk.cohort order by risk.day
                rows between unbounded preceding and 1 preceding
            ),
            1
        ) as open_before
    from risk
)

select
    surviving.cohort,
    surviving.day,
    cohorts.deals,
    surviving.at_risk,
    coalesce(
        sum(
            surviving.open_before * surviving.won / nullif(surviving.at_risk, 0)
        ) over so_far,
        0
    ) as won_share,
    coalesce(
        sum(
            surviving.open_before * surviving.lost
            / nullif(surviving.at_risk, 0)
        ) over so_far,
        0
    ) as lost_share,
    surviving.open_before * coalesce(
        1 - (surviving.won + surviving.lost) / nullif(surviving.at_risk, 0), 1
    ) as still_open,
    surviving.day <= cohorts.youngest as is_mature,
    cohorts.is_partial,
    cohorts.deals_without_close_date
from surviving
inner join cohorts
    on surviving.cohort = cohorts.cohort
window so_far as (
    partition by surviving.cohort order by surviving.day
    rows unbounded preceding
)
order by surviving.cohort, surviving.day
