-- description = "Every benchmark beside our value for its own slice, with why one is not compared. One row per benchmark."
-- columns.value = "Our value for the benchmark's slice; empty when not known or the benchmark is not used"
-- columns.standing = "below, within or above the usual range, or of the target where there is no range"
-- columns.is_good = "The standing is the better side, or within; empty when not compared or no side is better"
-- columns.reason_not_compared = "Why there is no value"

create or replace macro reports.benchmark_comparison(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null) as table
with measured as (
    select 'marketing' as domain, pairs.slice, pairs.metric, pairs.value
    from (
        select slice, cast(columns(* exclude (slice, is_total, is_partial, filters_not_applied)) as double)
        from metrics.marketing(since := since, until := until, segments := segments, channels := channels, regions := regions, "by" := 'channel_segment')
    ) unpivot include nulls (value for metric in (columns(* exclude (slice)))) as pairs
    union all
    select 'marketing', pairs.slice, pairs.metric, pairs.value
    from (
        select slice, cast(columns(* exclude (slice, is_total, is_partial, filters_not_applied)) as double)
        from metrics.marketing(since := since, until := until, segments := segments, channels := channels, regions := regions, "by" := 'channel')
        where not is_total
    ) unpivot include nulls (value for metric in (columns(* exclude (slice)))) as pairs
    union all
    select 'pipeline', pairs.slice, pairs.metric, pairs.value
    from (
        select slice, cast(columns(* exclude (slice, is_total, is_partial, filters_not_applied)) as double)
        from metrics.pipeline(since := since, until := until, segments := segments, channels := channels, regions := regions, "by" := 'segment')
    ) unpivot include nulls (value for metric in (columns(* exclude (slice)))) as pairs
    union all
    select 'revenue', pairs.slice, pairs.metric, pairs.value
    from (
        select slice, cast(columns(* exclude (slice, is_total, is_partial, filters_not_applied)) as double)
        from metrics.revenue(since := since, until := until, segments := segments, channels := channels, regions := regions, "by" := 'segment')
    ) unpivot include nulls (value for metric in (columns(* exclude (slice)))) as pairs
),

compared as (
    select
        benchmarks.*,
        catalogue.domain,
        catalogue.metric,
        catalogue.label,
        catalogue.unit,
        catalogue.better,
        case when benchmarks.is_usable then measured.value end as value,
        coalesce(benchmarks.min_value, benchmarks.target_value) as low,
        coalesce(benchmarks.max_value, benchmarks.target_value) as high
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
    compared.value,
    compared.target_value,
    compared.min_value,
    compared.max_value,
    case
        when compared.value < compared.low then 'below'
        when compared.value > compared.high then 'above'
        when compared.value is not null then 'within'
    end as standing,
    case
        when standing = 'within' then true
        when compared.better = 'higher' then standing = 'above'
        when compared.better = 'lower' then standing = 'below'
    end as is_good,
    case
        when compared.is_ambiguous then 'ambiguous: another benchmark speaks of the same slice'
        when compared.is_implausible then 'implausible: a payback below 60 days is months mislabelled'
        when compared.metric is null then 'no metric here is compared with it'
        when compared.value is null then 'our value for this slice is not known'
    end as reason_not_compared,
    compared.description,
    compared.source,
    compared.year,
    compared._file,
    compared._line
from compared
order by compared.metric_type, compared.category, compared.subcategory, compared.benchmark_id
