-- description = "Every benchmark beside our value for its own slice, with why one is not compared. One row per benchmark."
-- columns.value = "Our value for the benchmark's slice; empty when not known or the benchmark is not used"
-- columns.standing = "below, within or above the usual range, or of the target where there is no range"
-- columns.is_good = "Within, or on the better side; empty when not compared or neither side is better"
-- columns.reason_not_compared = "Why there is no value"

create or replace macro reports.benchmark_comparison(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null) as table
with by_segment as (
    select * from reports.metric_values(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := 'segment'
    )
),

by_channel as (
    select * from reports.metric_values(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := 'channel'
    )
),

-- cost per lead is the one benchmark given per channel and segment
by_both as (
    select
        'marketing' as domain,
        marketing.slice,
        marketing.is_total,
        'cpl' as metric,
        marketing.cpl as value
    from metrics.marketing(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, "by" := 'channel_segment'
    ) as marketing
),

-- a filter that cuts into a slice leaves something the benchmark is not about
measured as (
    select * from by_segment
    where
        channels is null
        and regions is null
        and (segments is null or not by_segment.is_total)
    union all by name
    select * from by_channel
    where segments is null and regions is null and not by_channel.is_total
    union all by name
    select * from by_both
    where regions is null and not by_both.is_total
),

compared as (
    select
        benchmarks.*,
        catalogue.domain,
        catalogue.metric,
        catalogue.label,
        catalogue.unit,
        catalogue.better,
        case when benchmarks.is_usable then measured.value end as our_value,
        case
            when our_value < coalesce(benchmarks.min_value, benchmarks.target_value)
                then 'below'
            when our_value > coalesce(benchmarks.max_value, benchmarks.target_value)
                then 'above'
            when our_value is not null then 'within'
        end as standing
    from marts.benchmarks
    left join meta.metrics as catalogue
        on benchmarks.metric_type = catalogue.benchmark
    left join measured
        on catalogue.domain = measured.domain
        and catalogue.metric = measured.metric
        and benchmarks.slice is not distinct from measured.slice
)

select
    compared.benchmark_id,
    compared.metric_type,
    compared.category,
    compared.subcategory,
    compared.domain,
    compared.metric,
    compared.label,
    compared.unit,
    compared.our_value as value,
    compared.target_value,
    compared.min_value,
    compared.max_value,
    compared.standing,
    case
        when compared.standing = 'within' then true
        when compared.better = 'higher' then compared.standing = 'above'
        when compared.better = 'lower' then compared.standing = 'below'
    end as is_good,
    case
        when not compared.is_usable then compared.reason_not_used
        when compared.metric is null then 'no metric is compared with it'
        when compared.our_value is null then 'our value of its slice is not known'
    end as reason_not_compared,
    compared.description,
    compared.source,
    compared.year,
    compared._file,
    compared._line
from compared
order by
    compared.metric_type, compared.category, compared.subcategory,
    compared.benchmark_id
