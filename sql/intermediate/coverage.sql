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

marketing as (
    select
        max(loads.first_date) as first_date,
        max(loads.last_date) as last_date
    from meta.loads
    where loads.dataset = 'marketing_channels'
),

deals as (
    select
        max(loads.first_date) as first_date,
        max(loads.last_date) as last_date
    from meta.loads
    where loads.dataset = 'pipeline_deals'
)

select
    build.as_of,
    marketing.first_date as marketing_first_date,
    marketing.last_date as marketing_last_date,
    deals.first_date as deals_first_date,
    deals.last_date as deals_last_date,
    present.has_deal_regions,
    present.has_loss_reasons
from meta.build
cross join marketing
cross join deals
cross join present
