-- description = "The week, month, fiscal quarter and fiscal year of each day whose MRR is known. One row per day and grain."
-- columns.grain = "week, month, quarter or year"
-- columns.period_start = "First day of the period (policies week_start, fiscal_year_start_month)"
-- columns.period_end = "First day after the period"
select
    days.date,
    periods.grain,
    periods.period_start,
    periods.period_end,
    days.complete_month,
    days.measured_month,
    days.measured_on
from intermediate.revenue_days as days
inner join intermediate.periods as periods on days.date = periods.date
