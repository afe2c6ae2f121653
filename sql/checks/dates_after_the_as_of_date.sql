-- description = "Nothing that has happened is dated after the as-of date."
-- class = "warning"
-- tested = "select (select count(*) from staging.marketing_channels) + (select count(*) from staging.pipeline_deals)"
-- remedy = "Correct the dates, or build with a later --as-of. Such rows count where no bound is set, and are flagged."

select
    'pipeline_deals' as dataset,
    'last_stage_change' as column_name,
    deals.last_stage_change as date,
    date_diff('day', coverage.as_of, deals.last_stage_change) as gap,
    deals._file,
    deals._line
from marts.deals
cross join intermediate.coverage
where deals.is_dated_after_as_of
union all
select
    'pipeline_deals',
    'created_at',
    deals.created_at,
    date_diff('day', coverage.as_of, deals.created_at),
    deals._file,
    deals._line
from marts.deals
cross join intermediate.coverage
where deals.created_at > coverage.as_of
union all
select
    'marketing_channels',
    'date',
    marketing.date,
    date_diff('day', coverage.as_of, marketing.date),
    marketing._file,
    marketing._line
from staging.marketing_channels as marketing
cross join intermediate.coverage
where marketing.date > coverage.as_of
