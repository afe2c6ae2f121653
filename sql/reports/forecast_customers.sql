-- description = "Every customer that paid on a day a forecast can be made from, and what it paid a quarter later. One row per day and paying customer."
-- columns.origin = "Day on which the customer paid"
-- columns.tenure_band = "How long it had paid by then"
-- columns.base = "MRR on that day"
-- columns.outcome = "MRR three months later, 0 when it had left; empty while they run"
create or replace macro reports.forecast_customers(segments := null) as table
with months as (
    select
        months.*,
        year(months.month) * 12 + month(months.month) as month_number,
        min(months.month) filter (months.closing_mrr > 0) over (
            partition by months.customer_id
        ) as first_paid_month
    from marts.customer_months as months
)

select
    held.measured_on as origin,
    held.customer_id,
    held.segment,
    bands.tenure_band,
    cast(held.closing_mrr as double) as base,
    case
        when origins.is_over
            then coalesce(cast(later.closing_mrr as double), 0)
    end as outcome
from months as held
inner join reports.forecast_origins as origins
    on held.measured_on = origins.origin and origins.subject = 'customers'
inner join intermediate.tenure_bands as bands
    on
        held.month_number
        - year(held.first_paid_month) * 12
        - month(held.first_paid_month)
        between bands.from_months and bands.to_months
left join months as later
    on
        held.customer_id = later.customer_id
        and held.month_number + 3 = later.month_number
        and origins.is_over
where
    held.closing_mrr > 0
    and (segments is null or list_contains(segments, held.segment))
order by held.measured_on, held.customer_id
