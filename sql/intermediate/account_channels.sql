-- description = "The channel that first won each account. One row per account, trimmed and case-folded."
-- columns.account_key = "Account name, trimmed and case-folded"
-- columns.channel = "Source channel of the account's first won deal"
with won_deals as (
    select
        lower(trim(deals.account)) as account_key,
        deals.source_channel as channel,
        deals.last_stage_change as close_date,
        deals.deal_id
    from staging.pipeline_deals as deals
    where
        deals.status = 'Closed_Won'
        and lower(trim(deals.account)) <> 'unknown'
)

-- accounts have several deals: choosing one keeps a join by account from
-- counting a customer twice
select
    won_deals.account_key,
    won_deals.channel
from won_deals
qualify
    row_number() over (
        partition by won_deals.account_key
        order by won_deals.close_date asc nulls last, won_deals.deal_id asc
    ) = 1
