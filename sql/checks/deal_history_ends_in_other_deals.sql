-- description = "A deal of the newest snapshot on the as-of date is in today's file with the same status and amount."
-- class = "warning"
-- tested = "select count(*) from staging.deal_history inner join meta.build on snapshot_date = as_of"
-- needs = "deal_history"
-- remedy = "Export deals and history at the same moment."

select
    history.deal_id,
    history.status as history_status,
    deals.status as deals_status,
    history.amount as history_amount,
    deals.amount as deals_amount,
    history._file,
    history._line
from staging.deal_history as history
inner join intermediate.coverage
    on history.snapshot_date = coverage.as_of
left join marts.deals
    on history.deal_id = deals.deal_id
where
    deals.deal_id is null
    or history.status <> deals.status
    or history.amount is distinct from deals.amount
