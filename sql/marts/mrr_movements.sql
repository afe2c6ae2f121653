-- description = "Why MRR changed, in the slice where it changed; amounts are magnitudes, never negative. One row per customer, month and movement."
-- columns.movement = "new, reactivation, expansion, contraction, churn, transferred_in or transferred_out"
-- columns.amount = "MRR moved; empty only where the customer file leaves it empty"
-- columns.is_supplied = "Taken from the customer file as supplied, because the MRR history is not known"
with changes as (
    select
        customer_months.*,
        customer_months.movement = 'churn' as is_churn
    from marts.customer_months as customer_months
    where customer_months.movement is not null
)

-- churn is lost where the customer was, all else lands where the customer is
select
    changes.customer_id,
    changes.month,
    changes.measured_on,
    changes.movement,
    case
        when changes.is_churn then changes.opening_segment else changes.segment
    end as segment,
    case
        when changes.is_churn then changes.opening_plan else changes.plan
    end as plan,
    case
        when changes.is_churn then changes.opening_region else changes.region
    end as region,
    changes.channel,
    abs(changes.closing_mrr - changes.opening_mrr) as amount,
    false as is_supplied
from changes
union all
select
    transfers.customer_id,
    transfers.month,
    transfers.measured_on,
    'transferred_out' as movement,
    transfers.opening_segment as segment,
    transfers.opening_plan as plan,
    transfers.opening_region as region,
    transfers.channel,
    transfers.amount,
    false as is_supplied
from marts.mrr_transfers as transfers
union all
select
    transfers.customer_id,
    transfers.month,
    transfers.measured_on,
    'transferred_in' as movement,
    transfers.segment,
    transfers.plan,
    transfers.region,
    transfers.channel,
    transfers.amount,
    false as is_supplied
from marts.mrr_transfers as transfers
where transfers.segment is not null
union all
select
    supplied.customer_id,
    supplied.month,
    supplied.measured_on,
    supplied.movement,
    supplied.segment,
    supplied.plan,
    supplied.region,
    supplied.channel,
    supplied.amount,
    true as is_supplied
from intermediate.supplied_movements as supplied
