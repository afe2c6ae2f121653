-- description = "Benchmarks as supplied, labelled. One row per benchmark."
-- columns.subcategory = "Segment the benchmark is for; 'all' where the file leaves it empty"

with source as (
    select * from raw.benchmarks
),

renamed as (
    select
        source.benchmark_id,
        source.metric_type,
        case
            when lower(trim(source.category)) = 'all' then 'all'
            else source.category
        end as category,
        case
            when lower(trim(source.subcategory)) = 'all' then 'all'
            else coalesce(source.subcategory, 'all')
        end as subcategory,
        source.target_value,
        source.min_value,
        source.max_value,
        source.unit,
        source.description,
        source.source,
        source.year,
        source._file,
        source._line,
        source._load_id,
        source._flags
    from source
)

select * from renamed
