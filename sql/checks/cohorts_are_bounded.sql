-- description = "Every cohort begins with all of its customers and MRR, and never holds more customers than it began with. One row per cohort and month that does not."
-- class = "error"
-- tested = "select count(*) from reports.retention_cohorts() as cohorts where cohorts.logo_retention is not null"
-- needs = "subscriptions"
-- remedy = "marts.cohort_months follows a customer in more than one cohort."
select
    cohorts.cohort_month,
    cohorts.months_since,
    cohorts.logo_retention,
    cohorts.mrr_retention,
    cohorts.logo_retention - 1 as gap
from reports.retention_cohorts() as cohorts
where
    cohorts.retained_customers > cohorts.cohort_customers
    or (
        cohorts.months_since = 0
        and (cohorts.logo_retention <> 1 or cohorts.mrr_retention <> 1)
    )
