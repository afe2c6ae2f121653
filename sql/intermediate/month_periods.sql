-- description = "The week, month, fiscal quarter and fiscal year that the last day of each complete month of finance.csv lies in. One row per month and grain."
select
    finance.month,
    periods.date as last_date,
    periods.grain,
    periods.period_start,
    periods.period_end
from staging.finance as finance
inner join intermediate.periods as periods
    on last_day(finance.month) = periods.date
cross join intermediate.revenue_coverage as coverage
where periods.date <= coverage.as_of
