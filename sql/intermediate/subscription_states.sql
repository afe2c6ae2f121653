-- description = "What each customer paid by the subscription ledger from when to when, gaps included at 0. One row per customer and day on which a period begins or ends."
-- columns.valid_from = "First day of the state"
-- columns.valid_to = "First day of the next state; 9999-12-31 for the last"
-- columns.running_periods = "Subscription periods running, trials included"
with change_dates as (
    select
        periods.customer_id,
        periods.start_date as changed_on
    from intermediate.subscription_periods as periods
    union
    select
        periods.customer_id,
        periods.end_date as changed_on
    from intermediate.subscription_periods as periods
    cross join intermediate.revenue_coverage as coverage
    where periods.end_date <= coverage.as_of
),

-- a period counts from its start up to, not including, its end
running as (
    select
        change_dates.customer_id,
        change_dates.changed_on,
        sum(periods.mrr) as mrr,
        count(periods.subscription_id) as running_periods,
        arg_min(periods.plan, periods.plan_rank) as plan
    from change_dates
    left join intermediate.subscription_periods as periods
        on
            change_dates.customer_id = periods.customer_id
            and change_dates.changed_on >= periods.start_date
            and change_dates.changed_on < periods.end_date
    group by change_dates.customer_id, change_dates.changed_on
)

select
    running.customer_id,
    running.changed_on as valid_from,
    lead(running.changed_on, 1, date '9999-12-31') over customer_history
        as valid_to,
    coalesce(running.mrr, 0) as mrr,
    running.running_periods,
    last_value(running.plan ignore nulls) over customer_history as plan
from running
window customer_history as (
    partition by running.customer_id
    order by running.changed_on asc
)
