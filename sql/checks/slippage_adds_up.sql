-- description = "What became of the deals due in a period adds up to all that were due, by count, amount and share, in total and in each slice. One row per period and slice that does not."
-- class = "error"
-- tested = "select count(*) from reports.slippage() where reason_not_known is null"
-- remedy = "An outcome is missing or counted twice in sql/reports/slippage_deals.sql."

with added as (
    select
        slippage.period_start,
        slippage.period_end,
        slippage.dimension,
        slippage.slice,
        sum(slippage.deals) as deals,
        sum(slippage.amount) as amount,
        sum(slippage.share_of_deals) as deals_share,
        sum(slippage.share_of_amount) as amount_share
    from reports.slippage() as slippage
    where slippage.is_in_cohort and slippage.reason_not_known is null
    group by
        slippage.period_start, slippage.period_end, slippage.dimension,
        slippage.slice
),

due as (
    select
        added.period_start,
        added.dimension,
        added.slice,
        count(states.deal_id) as deals,
        coalesce(sum(states.amount), 0) as amount
    from added
    left join marts.deal_states as states
        on
            added.period_start > states.valid_from
            and added.period_start <= states.valid_to
            and added.period_start <= states.expected_close
            and added.period_end > states.expected_close
            and states.status = 'open'
            and (added.dimension <> 'segment' or added.slice = states.segment)
            and (added.dimension <> 'owner' or added.slice = states.owner)
    group by added.period_start, added.dimension, added.slice
)

select
    added.period_start,
    added.dimension,
    added.slice,
    added.deals,
    due.deals as due_deals,
    added.amount,
    due.amount as due_amount,
    added.deals_share,
    added.amount_share,
    added.amount - due.amount as gap
from added
inner join due
    on
        added.period_start = due.period_start
        and added.dimension = due.dimension
        and added.slice is not distinct from due.slice
where
    added.deals <> due.deals
    or added.amount <> due.amount
    or abs(added.deals_share - 1) > 1e-9
    or abs(added.amount_share - 1) > 1e-9
