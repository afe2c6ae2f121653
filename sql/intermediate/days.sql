-- description = "The days that periods are made for. One row per day that the marketing or deals file covers, on which something in them happened, whose MRR is known, or that ends a month of the accounts."
-- columns.date = "A day that a file covers, or on which something in the data happened"

with bounds as (
    -- at most 30 years back: a mistyped year 1024 is no thousand years of months
    select
        greatest(
            least(coverage.marketing_first_date, coverage.deals_first_date),
            cast(coverage.as_of - interval 30 year as date)
        ) as first_date,
        coverage.as_of as last_date
    from intermediate.coverage
),

covered_days as (
    select
        unnest(
            generate_series(bounds.first_date, bounds.last_date, interval 1 day)
        ) as day
    from bounds
)

select cast(covered_days.day as date) as date from covered_days
union
select coverage.as_of from intermediate.coverage
union
-- dates outside what the files cover count too; they are flagged elsewhere
select marketing_channels.date from staging.marketing_channels
union
select pipeline_deals.last_stage_change from staging.pipeline_deals
where pipeline_deals.last_stage_change is not null
union
select revenue_days.date from intermediate.revenue_days
union
select last_day(finance.month) from staging.finance
