-- description = "The pipeline waterfall of each month opens and closes with the deals then open: so a month closes with what the next opens with. One row per month and end that does not."
-- class = "error"
-- tested = "reports.ledger_months"
-- remedy = "A deal is missing from the opening or closing bucket: compare reports.pipeline_movements with reports.deals_on."

with stated as (
    select
        months.period_start,
        case waterfall.bucket
            when 'opening' then months.started_on
            else months.measured_on
        end as day,
        waterfall.bucket,
        waterfall.deals,
        waterfall.amount
    from reports.ledger_months as months
    cross join
        lateral reports.pipeline_waterfall(
            months.started_on, months.measured_on, null, null
        ) as waterfall
    where waterfall.bucket in ('opening', 'closing')
),

counted as (
    select
        stated.period_start,
        stated.bucket,
        count(*) as deals,
        coalesce(sum(states.amount), 0) as amount
    from stated
    inner join marts.deal_states as states
        on
            stated.day >= states.valid_from
            and stated.day < states.valid_to
    where states.status = 'open'
    group by stated.period_start, stated.bucket
)

select
    stated.period_start,
    stated.bucket,
    stated.deals,
    coalesce(counted.deals, 0) as open_deals,
    stated.amount,
    coalesce(counted.amount, 0) as open_pipeline,
    stated.amount - coalesce(counted.amount, 0) as gap
from stated
left join counted
    on
        stated.period_start = counted.period_start
        and stated.bucket = counted.bucket
where
    stated.deals is distinct from coalesce(counted.deals, 0)
    or stated.amount is distinct from coalesce(counted.amount, 0)
