-- description = "What a closed deal without a close date adds where a window is asked for: nothing but doubt, as it may belong or not. One row per such deal."

select
    facts.deal_id,
    facts.segment,
    facts.channel,
    facts.owner,
    facts.stage,
    facts.region,
    facts.won_deals as won_deals_unknown_rows,
    facts.lost_deals as lost_deals_unknown_rows,
    facts.won_deals as won_amount_unknown_rows,
    facts.won_deals as sales_cycle_unknown_rows,
    facts.decided_deals + facts.win_rate_unknown_rows as win_rate_unknown_rows,
    case
        when facts.decided_deals + facts.win_rate_unknown_rows > 0 then 1
        else 0
    end as win_rate_by_amount_unknown_rows
from marts.deal_facts as facts
where facts.event_date is null
