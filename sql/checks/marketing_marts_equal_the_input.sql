-- description = "Spend and counts of the marketing marts are those of the loaded rows, neither lost nor doubled."
-- class = "error"
-- tested = "marts.marketing_daily"
-- remedy = "A join or grouping in sql/marts changes rows: mend the mart that differs."

with sums as (
    select
        'input' as place,
        sum(spend.spend) as spend,
        sum(spend.impressions) as impressions,
        sum(spend.clicks) as clicks,
        sum(spend.leads) as leads,
        sum(spend.mqls) as mqls,
        sum(spend.sqls) as sqls,
        sum(spend.opportunities) as opportunities,
        sum(spend.closed_won) as closed_won
    from staging.marketing_channels as spend
    union all by name
    select
        'marts.marketing_campaign_daily' as place,
        sum(columns(
            * exclude (
                date, channel, campaign, segment, region, reported_return,
                spend_with_reported_roi, reported_roi_unknown_rows
            )
        ))
    from marts.marketing_campaign_daily
    union all by name
    select
        'marts.marketing_daily' as place,
        sum(columns(
            * exclude (
                date, channel, segment, region, reported_return,
                spend_with_reported_roi, reported_roi_unknown_rows
            )
        ))
    from marts.marketing_daily
),

figures as (
    select cells.*
    from sums unpivot include nulls (
        amount for figure in (columns(* exclude (place)))
    ) as cells
)

select
    mart.place,
    mart.figure,
    input.amount as input_amount,
    mart.amount as mart_amount,
    mart.amount - input.amount as gap
from figures as mart
inner join figures as input
    on mart.figure = input.figure and input.place = 'input'
where mart.amount is distinct from input.amount
