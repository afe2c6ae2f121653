-- description = "Every benchmark speaks of a slice of its own, in a plausible unit, and of a metric and member that exist."
-- class = "warning"
-- tested = "marts.benchmarks"
-- remedy = "Keep one benchmark per metric_type, category and subcategory, name members as the data does, and state paybacks in months."

with members as (
    select 'all' as member
    union
    select marketing_daily.channel from marts.marketing_daily
    union
    select deals.channel from marts.deals
    union
    select segments.member
    from meta.members as segments
    where segments.kind = 'segment'
)

select
    benchmarks.benchmark_id,
    benchmarks.metric_type,
    benchmarks.category,
    benchmarks.subcategory,
    case
        when benchmarks.reason_not_used is not null
            then benchmarks.reason_not_used
        when categories.member is null
            then 'no channel or segment is called ' || benchmarks.category
        else 'no segment is called ' || benchmarks.subcategory
    end as reason,
    benchmarks._file,
    benchmarks._line
from marts.benchmarks
left join members as categories
    on benchmarks.category = categories.member
left join members as subcategories
    on benchmarks.subcategory = subcategories.member
where
    not benchmarks.is_usable
    or categories.member is null
    or subcategories.member is null
