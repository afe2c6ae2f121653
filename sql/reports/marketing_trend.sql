-- description = "Marketing metrics week by week; weeks only partly in the window or in the data are marked. One row per week."
-- columns.week_start_date = "First day of the week (policy week_start)"
-- columns.week_end_date = "First day after the week"

create or replace macro reports.marketing_trend(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, campaigns := null) as table
select
    try_cast(marketing.slice as date) as week_start_date,
    cast(week_start_date + interval 7 days as date) as week_end_date,
    marketing.* exclude (slice, is_total)
from metrics.marketing(
    since := since, until := until, segments := segments,
    channels := channels, regions := regions, campaigns := campaigns, "by" := 'week'
) as marketing
-- a week outside the marketing file only holds wins: no week of marketing
where not marketing.is_total and marketing.spend is not null
order by week_start_date
