-- description = "The whole months whose deals the ledger knows at both ends. One row per month."
select distinct
    periods.period_start,
    periods.period_end,
    periods.period_start - 1 as started_on,
    periods.period_end - 1 as measured_on
from intermediate.periods
inner join reports.ledger_coverage() as coverage
    on periods.period_start > coverage.first_date
    and periods.period_end <= coverage.last_date + 1
where periods.grain = 'month'
