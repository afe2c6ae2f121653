-- description = "What the marketing and deals files can speak about. One row."
-- columns.has_deal_regions = "The deals file has a geo column"
-- columns.has_loss_reasons = "The deals file has a loss_reason column"

with present as (
    select
        bool_or(contract.column_name = 'geo' and contract.is_present)
            as has_deal_regions,
        bool_or(contract.column_name = 'loss_reason' and contract.is_present)
            as has_loss_reasons
    from meta.columns as contract
    where contract.dataset = 'pipeline_deals'
),

loaded as (
    select
        max(case when loads.dataset = 'marketing_channels' then loads.first_date end)
            as marketing_first_date,
        max(case when loads.dataset = 'marketing_channels' then loads.last_date end)
            as marketing_last_date,
        max(case when loads.dataset = 'pipeline_deals' then loads.first_date end)
            as deals_first_date,
        max(case when loads.dataset = 'pipeline_deals' then loads.last_date end)
            as deals_last_date
    from meta.loads
)

select
    build.as_of,
    loaded.marketing_first_date,
    loaded.marketing_last_date,
    loaded.deals_first_date,
    loaded.deals_last_date,
    present.has_deal_regions,
    present.has_loss_reasons
from meta.build
cross join loaded
cross join present
