-- description = "Each month closes with the MRR of the subscription periods that run on the day it is measured. One row per month that does not."
-- class = "error"
-- tested = "intermediate.revenue_months"
-- needs = "subscriptions"
-- remedy = "A period is lost or counted twice between staging.subscriptions and marts.revenue_monthly."
with running as (
    select
        months.month,
        sum(subscriptions.mrr) as mrr
    from intermediate.revenue_months as months
    inner join staging.subscriptions as subscriptions
        on
            months.measured_on >= subscriptions.start_date
            and months.measured_on
            < coalesce(subscriptions.end_date, date '9999-12-31')
    group by months.month
),

closings as (
    select
        monthly.month,
        sum(monthly.closing_mrr) as mrr
    from marts.revenue_monthly as monthly
    group by monthly.month
)

select
    months.month,
    running.mrr as running_mrr,
    closings.mrr as closing_mrr,
    coalesce(closings.mrr, 0) - coalesce(running.mrr, 0) as gap
from intermediate.revenue_months as months
left join running on months.month = running.month
left join closings on months.month = closings.month
where coalesce(closings.mrr, 0) <> coalesce(running.mrr, 0)
