-- description = "No two rows share a deal_id, nor within a snapshot of the deal history."
-- class = "error"
-- tested = "raw.pipeline_deals"
-- remedy = "Later rows with the same key belong in quarantine: the load let one through."

select
    cast(null as date) as snapshot_date,
    deals.deal_id,
    count(*) as times
from raw.pipeline_deals as deals
group by deals.deal_id
having count(*) > 1
union all
select
    history.snapshot_date,
    history.deal_id,
    count(*) as times
from raw.deal_history as history
group by history.snapshot_date, history.deal_id
having count(*) > 1
