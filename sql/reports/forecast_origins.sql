-- description = "The days a forecast of the quarter ahead can be made from: each month end that the ledger knows, and the last day it knows. One row per subject and day."
-- columns.subject = "deals or customers: whose ledger"
-- columns.origin = "Day at whose end the forecast is made"
-- columns.horizon = "Last day of the three months after the origin"
-- columns.quarter_ago = "The day three months before the origin"
-- columns.year_ago_from = "First day of the same three months a year earlier"
-- columns.year_ago_until = "First day after them"
-- columns.first_known = "First day the ledger knows"
-- columns.is_over = "The ledger knows the whole quarter after the origin"
-- columns.has_quarter_before = "It knows the one before"
-- columns.has_year_before = "It knows the one of the year before"
with known as (
    select
        'deals' as subject,
        coverage.first_date,
        coverage.last_date
    from intermediate.deal_coverage as coverage
    where coverage.first_date is not null
    union all
    select
        'customers',
        coverage.first_date,
        coverage.as_of
    from intermediate.revenue_coverage as coverage
    where coverage.first_date is not null
),

month_ends as (
    select
        known.subject,
        unnest(generate_series(
            date_trunc('month', known.first_date),
            known.last_date,
            interval 1 month
        )) as month
    from known
),

days as (
    select
        month_ends.subject,
        last_day(cast(month_ends.month as date)) as day
    from month_ends
    where
        month_ends.subject = 'customers'
        -- where nothing was said of deals in a month, its end is not known
        or date_trunc('month', month_ends.month) in (
            select date_trunc('month', told.as_of)
            from intermediate.ledger_days as told
        )
    union
    select
        known.subject,
        known.last_date
    from known
),

-- whole months have whole months before and after them
spans as (
    select
        days.subject,
        days.day as origin,
        cast(
            days.day + interval 1 day + interval 3 month - interval 1 day
            as date
        ) as horizon,
        cast(
            days.day + interval 1 day - interval 3 month - interval 1 day
            as date
        ) as quarter_ago,
        cast(days.day + interval 1 day - interval 12 month as date)
            as year_ago_from,
        cast(days.day + interval 1 day - interval 9 month as date)
            as year_ago_until
    from days
)

select
    spans.*,
    known.first_date as first_known,
    spans.horizon <= known.last_date as is_over,
    spans.quarter_ago >= known.first_date as has_quarter_before,
    spans.year_ago_from >= known.first_date as has_year_before
from spans
inner join known
    on spans.subject = known.subject
where spans.origin between known.first_date and known.last_date
order by spans.subject, spans.origin
