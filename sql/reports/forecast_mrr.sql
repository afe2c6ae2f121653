-- description = "MRR a quarter after each day a forecast can be made from, beside what simple forecasts would have said. One row per day."
-- columns.origin = "Day at whose end the forecast is made"
-- columns.horizon = "Last day of the three months after it"
-- columns.now = "MRR at the origin"
-- columns.actual = "MRR at the horizon; empty while the months run"
-- columns.from_new = "Of it, from customers who paid nothing at the origin"
-- columns.run_rate = "MRR at the origin of customers who paid nothing three months before"
-- columns.last_quarter = "MRR now and what the three months up to it added, once more"
-- columns.year_before = "MRR now and what the same three months added a year earlier"
create or replace macro reports.forecast_mrr(segments := null) as table
with months as (
    select
        months.customer_id,
        months.measured_on,
        year(months.month) * 12 + month(months.month) as month_number,
        cast(months.closing_mrr as double) as mrr
    from marts.customer_months as months
    where segments is null or list_contains(segments, months.segment)
),

steps as (
    select
        ends.month_number,
        ends.measured_on,
        sum(ends.mrr) as mrr,
        -- a segment's customer of another segment then counts as new in it
        sum(ends.mrr) filter (coalesce(starts.mrr, 0) = 0) as from_new
    from months as ends
    left join months as starts
        on
            ends.customer_id = starts.customer_id
            and ends.month_number - 3 = starts.month_number
    group by ends.month_number, ends.measured_on
)

select
    origins.origin,
    origins.horizon,
    here.mrr as now,
    case when origins.is_over then later.mrr end as actual,
    case when origins.is_over then coalesce(later.from_new, 0) end as from_new,
    coalesce(here.from_new, 0) as run_rate,
    here.mrr + (here.mrr - quarter_ago.mrr) as last_quarter,
    here.mrr + (nine_months_ago.mrr - year_ago.mrr) as year_before,
    origins.first_known
from reports.forecast_origins as origins
inner join steps as here
    on origins.origin = here.measured_on
left join steps as later
    on here.month_number + 3 = later.month_number
left join steps as quarter_ago
    on here.month_number - 3 = quarter_ago.month_number
left join steps as nine_months_ago
    on here.month_number - 9 = nine_months_ago.month_number
left join steps as year_ago
    on here.month_number - 12 = year_ago.month_number
where origins.subject = 'customers'
order by origins.origin
