-- description = "The periods a ledger report speaks about: the window, or every fiscal quarter when there is none. One row per period."
-- columns.period_start = "First day of the period"
-- columns.period_end = "First day after the period"
-- columns.started_on = "The day whose end the period starts from"
-- columns.measured_on = "The period's last day, or the last day known while it runs"
-- columns.is_over = "The last day of the period is known"
-- columns.reason_not_known = "Why there are no figures"
create or replace macro reports.ledger_periods(since := cast(null as date), until := cast(null as date), known_on := cast(null as date)) as table
with coverage as (
    select * from reports.ledger_coverage(known_on := known_on)
),

asked as (
    select distinct
        periods.period_start,
        periods.period_end
    from intermediate.periods
    inner join coverage
        on periods.period_start <= coverage.last_date
        and (
            periods.period_start > coverage.first_date
            -- the one that runs, be it to say why nothing is known of it
            or periods.period_end > coverage.last_date
        )
    where periods.grain = 'quarter' and since is null and until is null
    union all
    select
        coalesce(since, coverage.first_date + 1) as period_start,
        coalesce(until, coverage.last_date + 1) as period_end
    from coverage
    where since is not null or until is not null
)

select
    asked.period_start,
    asked.period_end,
    asked.period_start - 1 as started_on,
    least(asked.period_end - 1, coverage.last_date) as measured_on,
    asked.period_end <= coverage.last_date + 1 as is_over,
    case
        when coverage.first_date is null then 'nothing was known of deals then'
        when asked.period_start <= coverage.first_date
            then 'deals are known from ' || coverage.first_date || ' on'
        when asked.period_start > coverage.last_date + 1
            then 'deals are known up to ' || coverage.last_date
        when asked.period_end <= asked.period_start
            then 'the period ends before it starts'
    end as reason_not_known
from asked
cross join coverage
