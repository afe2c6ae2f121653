-- description = "Benchmarks in the scale of our metrics, with what keeps one from being used. One row per benchmark."
-- columns.slice = "The slice it speaks of: channel, segment or both; empty for the whole"
-- columns.target_value = "The value to reach; a percentage as a share of 0 to 1, a payback in months"
-- columns.min_value = "Lower end of the usual range, scaled alike"
-- columns.max_value = "Upper end of the usual range, scaled alike"
-- columns.is_ambiguous = "Another benchmark speaks of the same metric_type, category and subcategory: neither is used"
-- columns.is_implausible = "A payback in days below 60, which is months mislabelled: not used"
-- columns.is_usable = "Neither ambiguous nor implausible"
-- columns.reason_not_used = "Why it is not used; empty when it is"

with scaled as (
    select
        benchmarks.*,
        case
            when
                lower(trim(benchmarks.unit))
                in ('%', 'percent', 'percentage', 'pct') then 100
            -- ours is in months: 365.25 days / 12; fewer than 60 are no days
            when
                benchmarks.metric_type = 'cac_payback_targets'
                and lower(benchmarks.unit) like '%day%'
                and benchmarks.target_value >= 60
                then 30.4375
            else 1
        end as units_per_whole,
        count(*) over (
            partition by
                benchmarks.metric_type,
                benchmarks.category,
                benchmarks.subcategory
        ) > 1 as is_ambiguous,
        benchmarks.metric_type = 'cac_payback_targets'
        and lower(benchmarks.unit) like '%day%'
        and benchmarks.target_value < 60 as is_implausible
    from staging.benchmarks
)

select
    scaled.benchmark_id,
    scaled.metric_type,
    scaled.category,
    scaled.subcategory,
    case
        when scaled.category = 'all' and scaled.subcategory = 'all' then null
        when scaled.category = 'all' then scaled.subcategory
        when scaled.subcategory = 'all' then scaled.category
        else scaled.category || ' / ' || scaled.subcategory
    end as slice,
    scaled.target_value / scaled.units_per_whole as target_value,
    scaled.min_value / scaled.units_per_whole as min_value,
    scaled.max_value / scaled.units_per_whole as max_value,
    scaled.unit as supplied_unit,
    scaled.description,
    scaled.source,
    scaled.year,
    scaled.is_ambiguous,
    scaled.is_implausible,
    not scaled.is_ambiguous and not scaled.is_implausible as is_usable,
    case
        when scaled.is_ambiguous then 'another benchmark speaks of its slice'
        when scaled.is_implausible then 'a payback below 60 days means months'
    end as reason_not_used,
    scaled._file,
    scaled._line
from scaled
order by scaled.metric_type, scaled.category, scaled.subcategory
