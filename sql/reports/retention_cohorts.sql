-- description = "How many of the customers who first paid in a month are still there, and what they pay, up to 24 months later. One row per cohort and month since, and one per month since over all cohorts (is_total)."
-- columns.cohort_customers = "Customers of the cohort in its own month; over all cohorts, of those that have come this far"
-- columns.cohort_mrr = "What they paid in that month"
-- columns.cohorts = "Cohorts whose value is known: 1 or 0 in the row of a cohort"
-- columns.logo_retention = "Retained customers divided by the cohort's customers; empty after the last complete month"
-- columns.mrr_retention = "Retained MRR divided by the cohort's MRR; empty after the last complete month"
create or replace macro reports.retention_cohorts(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
-- A cohort belongs to the window when its month ends in it. A running month is
-- neither a cohort nor a month of one: it would be compared with whole ones.
with kept as (
    select
        months.cohort_month,
        months.months_since,
        months.month,
        sum(months.retained_customers) as retained_customers,
        sum(months.retained_mrr) as retained_mrr
    from marts.cohort_months as months
    cross join intermediate.revenue_coverage as coverage
    where
        not months.is_partial
        and months.months_since <= 24
        and (since is null or last_day(months.cohort_month) >= since)
        and (until is null or months.measured_on < until)
        and (segments is null or list_contains(segments, months.segment))
        and (plans is null or list_contains(plans, months.plan))
        and (channels is null or list_contains(channels, months.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, months.region)
        )
    group by months.cohort_month, months.months_since, months.month
),

cells as (
    select
        cohorts.cohort_month,
        cast(ages.months_since as bigint) as months_since,
        kept.month,
        cohorts.retained_customers as cohort_customers,
        cohorts.retained_mrr as cohort_mrr,
        kept.retained_customers,
        kept.retained_mrr
    from kept as cohorts
    cross join generate_series(0, 24) as ages (months_since)
    left join kept
        on
            cohorts.cohort_month = kept.cohort_month
            and ages.months_since = kept.months_since
    where cohorts.months_since = 0
),

-- over all cohorts both sides leave out who has not come this far
lines as (
    select
        cells.*,
        false as is_total,
        count(cells.month) over (
            partition by cells.cohort_month, cells.months_since
        ) as cohorts
    from cells
    union all by name
    select
        cells.months_since,
        sum(cells.cohort_customers) as cohort_customers,
        sum(cells.cohort_mrr) as cohort_mrr,
        sum(cells.retained_customers) as retained_customers,
        sum(cells.retained_mrr) as retained_mrr,
        true as is_total,
        count(*) as cohorts
    from cells
    where cells.month is not null
    group by cells.months_since
)

select
    lines.cohort_month,
    lines.is_total,
    lines.months_since,
    lines.month,
    lines.cohorts,
    cast(lines.cohort_customers as bigint) as cohort_customers,
    cast(lines.retained_customers as bigint) as retained_customers,
    lines.retained_customers / nullif(lines.cohort_customers, 0)
        as logo_retention,
    lines.cohort_mrr,
    lines.retained_mrr,
    lines.retained_mrr / nullif(lines.cohort_mrr, 0) as mrr_retention,
    case
        when regions is not null and not coverage.has_regions then ['regions']
        else cast([] as varchar[])
    end as filters_not_applied
from lines
cross join intermediate.revenue_coverage as coverage
order by lines.is_total, lines.cohort_month, lines.months_since;
