-- description = "Of the deals created in a quarter, the share won within 90 and 180 days and as far as is known, deals still running included (Aalen-Johansen). One row per quarter of creation."
-- columns.cohort_start = "First day of the quarter in which the deals were created"
-- columns.deals = "Deals created"
-- columns.won_in_90_days = "Share won within 90 days of creation; empty while a deal is younger"
-- columns.won_in_180_days = "Share won within 180 days of creation; empty while a deal is younger"
-- columns.won_so_far = "Share won as far as the cohort has been watched"
-- columns.lost_so_far = "Share lost as far as the cohort has been watched"
-- columns.still_open = "Share neither won nor lost so far"
-- columns.is_mature = "Every deal of the quarter is older than 180 days"
-- columns.is_partial = "The window leaves out known days of the quarter: not every deal of it is counted"
create or replace macro reports.win_rate_cohorts(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null, known_on := cast(null as date)) as table
with curve as (
    select
        curves.cohort,
        curves.day,
        curves.deals,
        curves.won_share,
        curves.lost_share,
        curves.still_open,
        curves.is_mature,
        curves.is_partial
    from reports.win_curve(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, owners := owners,
        "by" := 'quarter', known_on := known_on
    ) as curves
    where curves.cohort <> 'unknown'
)

select
    cast(curve.cohort as date) as cohort_start,
    max(curve.deals) as deals,
    max(curve.won_share) filter (where curve.day = 90 and curve.is_mature)
        as won_in_90_days,
    max(curve.won_share) filter (where curve.day = 180 and curve.is_mature)
        as won_in_180_days,
    max(curve.won_share) as won_so_far,
    max(curve.lost_share) as lost_so_far,
    min(curve.still_open) as still_open,
    coalesce(bool_or(curve.day = 180 and curve.is_mature), false) as is_mature,
    bool_or(curve.is_partial) as is_partial
from curve
group by curve.cohort
order by cohort_start
