-- description = "Every row read from a file is loaded or in quarantine, and both are where they are said to be."
-- class = "error"
-- tested = "select count(*) from meta.loads where is_present"
-- remedy = "A row was lost or doubled on the way in: report it with the file; do not use the numbers."

with loaded as (
    select 'marketing_channels' as dataset, count(*) as found_rows
    from raw.marketing_channels
    union all
    select 'pipeline_deals', count(*) from raw.pipeline_deals
    union all
    select 'revenue_customers', count(*) from raw.revenue_customers
    union all
    select 'benchmarks', count(*) from raw.benchmarks
    union all
    select 'subscriptions', count(*) from raw.subscriptions
    union all
    select 'deal_history', count(*) from raw.deal_history
    union all
    select 'targets', count(*) from raw.targets
    union all
    select 'finance', count(*) from raw.finance
),

withheld as (
    select
        quarantined.dataset,
        count(*) as found_rows
    from quarantine.rows as quarantined
    group by quarantined.dataset
),

counted as (
    select
        loads.dataset,
        loads.file,
        loads.rows_read,
        loads.rows_loaded,
        loads.rows_quarantined,
        loaded.found_rows as found_loaded,
        coalesce(withheld.found_rows, 0) as found_quarantined
    from meta.loads
    inner join loaded
        on loads.dataset = loaded.dataset
    left join withheld
        on loads.dataset = withheld.dataset
    where loads.is_present
)

select
    counted.*,
    counted.rows_read - counted.found_loaded - counted.found_quarantined as gap
from counted
where
    counted.rows_read
    is distinct from counted.found_loaded + counted.found_quarantined
    or counted.rows_loaded is distinct from counted.found_loaded
    or counted.rows_quarantined is distinct from counted.found_quarantined
