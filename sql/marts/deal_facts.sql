-- description = "What each deal adds to each pipeline metric: a metric is the sum of its column, or a division of two such sums. One row per deal."
-- columns.open_amount = "Amount while open"
-- columns.weighted_amount = "Amount times probability while open; empty unless both are known"
-- columns.won_cycle_days = "Days from creation to close of a won deal"
-- columns.decided_deals = "1 when the deal counts in the win rate under the policy"
-- columns.decided_amount = "Amount that counts in the win rate by amount; a lost deal at 0 had its amount cleared on losing and stays out"

with flagged as (
    select
        deals.*,
        cast(deals.is_open as integer) as open_deals,
        cast(deals.is_won as integer) as won_deals,
        cast(deals.is_lost as integer) as lost_deals,
        cast(deals.amount is null as integer) as without_amount,
        cast(deals.is_decided is null as integer) as undecided_deals,
        cast(coalesce(deals.is_decided, false) as integer) as decided_deals,
        cast(coalesce(deals.is_stuck, false) as integer) as stuck_deals,
        cast(deals.is_stuck is null as integer) as stuck_deals_unknown_rows
    from marts.deals
)

select
    flagged.deal_id,
    flagged.event_date,
    flagged.segment,
    flagged.channel,
    flagged.owner,
    flagged.stage,
    flagged.region,
    flagged.open_deals,
    flagged.open_deals * (1 - flagged.without_amount) as priced_open_deals,
    case when flagged.is_open then flagged.amount end as open_amount,
    flagged.open_deals * flagged.without_amount as open_pipeline_unknown_rows,
    case when flagged.is_open then flagged.weighted_amount end
        as weighted_amount,
    case
        when flagged.is_open and flagged.weighted_amount is null then 1
        else 0
    end as weighted_pipeline_unknown_rows,
    flagged.stuck_deals,
    flagged.stuck_deals_unknown_rows,
    case when flagged.is_stuck then flagged.amount end as stuck_amount,
    flagged.stuck_deals * flagged.without_amount
    + flagged.stuck_deals_unknown_rows as stuck_amount_unknown_rows,
    flagged.won_deals,
    0 as won_deals_unknown_rows,
    flagged.lost_deals,
    0 as lost_deals_unknown_rows,
    case when flagged.is_won then flagged.amount end as won_amount,
    flagged.won_deals * (1 - flagged.without_amount) as priced_won_deals,
    flagged.won_deals * flagged.without_amount as won_amount_unknown_rows,
    case when flagged.is_won then flagged.cycle_days end as won_cycle_days,
    case when flagged.is_won and flagged.cycle_days is null then 1 else 0 end
        as sales_cycle_unknown_rows,
    flagged.decided_deals,
    flagged.decided_deals * flagged.won_deals as decided_won_deals,
    flagged.undecided_deals as win_rate_unknown_rows,
    flagged.decided_amount,
    case when flagged.is_won then flagged.decided_amount end
        as decided_won_amount,
    case
        when flagged.is_open or not coalesce(flagged.is_decided, true) then 0
        when flagged.decided_amount is null then 1
        else 0
    end as win_rate_by_amount_unknown_rows,
    case
        when flagged.is_dated_after_as_of then 1 - flagged.open_deals
        else 0
    end as closed_after_as_of_deals
from flagged
order by flagged.event_date, flagged.deal_id
