-- description = "The days a domain's flows speak about. One row per domain, and one for the returns that need both marketing and deals."
-- columns.domain = "Name of the metrics macro"
-- columns.is_return = "The days that both files cover: a return needs spend and wins"
-- columns.first_date = "First day covered"
-- columns.last_date = "Last day covered"

select
    'marketing' as domain,
    false as is_return,
    coverage.marketing_first_date as first_date,
    coverage.marketing_last_date as last_date
from intermediate.coverage
union all
select
    'marketing' as domain,
    true as is_return,
    greatest(coverage.marketing_first_date, coverage.deals_first_date)
        as first_date,
    least(coverage.marketing_last_date, coverage.deals_last_date) as last_date
from intermediate.coverage
union all
select
    'pipeline' as domain,
    false as is_return,
    coverage.deals_first_date as first_date,
    coverage.deals_last_date as last_date
from intermediate.coverage
union all
select
    'revenue' as domain,
    false as is_return,
    revenue_coverage.first_date,
    revenue_coverage.as_of as last_date
from intermediate.revenue_coverage
union all
-- the accounts speak about whole months that are over
select
    'finance' as domain,
    false as is_return,
    min(periods.month) as first_date,
    max(periods.last_date) as last_date
from intermediate.month_periods as periods
