-- description = "No two benchmarks share a benchmark_id, no two targets their metric, period and slice, no two finance rows a month."
-- class = "error"
-- tested = "select (select count(*) from raw.benchmarks) + (select count(*) from raw.targets) + (select count(*) from raw.finance)"
-- remedy = "Later rows with the same key belong in quarantine: the load let one through."

with keys as (
    select
        'benchmarks' as dataset,
        benchmarks.benchmark_id as key
    from raw.benchmarks
    union all
    select
        'targets',
        concat_ws(
            ' / ',
            targets.metric, targets.period_start, targets.period_end,
            coalesce(targets.segment, 'all'), coalesce(targets.owner, 'all')
        )
    from raw.targets
    union all
    select
        'finance',
        cast(finance.month as varchar)
    from raw.finance
)

select
    keys.dataset,
    keys.key,
    count(*) as times
from keys
group by keys.dataset, keys.key
having count(*) > 1
