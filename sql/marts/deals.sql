-- description = "Every deal with its state, dates and flags worked out as of the build's date. One row per deal."
-- columns.channel = "Source channel, the marketing channel that brought the deal"
-- columns.stage = "Stage of an open deal, status of a closed one: the status decides"
-- columns.supplied_stage = "Stage as the file states it"
-- columns.is_open = "The CRM's status says open"
-- columns.is_won = "The CRM's status says won"
-- columns.is_lost = "The CRM's status says lost"
-- columns.close_date = "Day of the last stage change of a closed deal; empty while open"
-- columns.event_date = "The day a window finds the deal on: its close date, or the as-of date while open"
-- columns.cycle_days = "Days from creation to close; empty while open"
-- columns.weighted_amount = "Amount times probability; empty unless both are known"
-- columns.days_in_stage = "Days from the last stage change to the as-of date; empty when that change lies after it"
-- columns.is_dated_after_as_of = "The last stage change lies after the as-of date"
-- columns.is_past_expected_close = "Open although the expected close has passed; empty when no close is expected"
-- columns.is_over_stuck_limits = "Open, longer in its stage and larger than the stuck policies allow; empty when not known"
-- columns.is_slower_than_won = "Open and longer in its stage than nine of ten won deals of its segment; empty when the ledger does not know them"
-- columns.is_stuck = "Open and over the stuck limits, slower than won deals, or past its expected close; empty when that cannot be decided"
-- columns.is_decided = "Counts in the win rate under the policy; empty when the policy asks for a loss reason that is not known"
-- columns.decided_amount = "Amount that counts in the win rate by amount; empty for lost deals at 0, whose amount was cleared on losing"

with policy as (
    select
        max(case when policy.key = 'stuck_days' then policy.value end)
            as stuck_days,
        max(case when policy.key = 'stuck_amount' then policy.value end)
            as stuck_amount,
        max(case when policy.key = 'win_rate' then policy.value end)
            as win_rate
    from meta.policy
),

dated as (
    select
        deals.*,
        coverage.as_of,
        coverage.has_loss_reasons,
        deals.status = 'Open' as is_open,
        deals.status = 'Closed_Won' as is_won,
        deals.status = 'Closed_Lost' as is_lost,
        coalesce(deals.last_stage_change > coverage.as_of, false)
            as is_dated_after_as_of,
        case when deals.status <> 'Open' then deals.last_stage_change end
            as close_date,
        -- a change still to come gives no length of stay
        case
            when deals.last_stage_change <= coverage.as_of
                then date_diff('day', deals.last_stage_change, coverage.as_of)
        end as days_in_stage
    from staging.pipeline_deals as deals
    cross join intermediate.coverage
),

judged as (
    select
        dated.*,
        case when dated.is_open then dated.as_of else dated.close_date end
            as event_date,
        date_diff('day', dated.created_at, dated.close_date) as cycle_days,
        cast(cast(dated.amount as double) * dated.probability as decimal(18, 6))
            as weighted_amount,
        dated.is_open and dated.expected_close < dated.as_of
            as is_past_expected_close,
        dated.is_open
        and dated.days_in_stage > cast(policy.stuck_days as bigint)
        and dated.amount > cast(policy.stuck_amount as decimal(18, 6))
            as is_over_stuck_limits,
        dated.is_open and dated.days_in_stage > usual.won_p90_days
            as is_slower_than_won,
        case
            when dated.is_open then false
            when policy.win_rate = 'won_over_won_and_lost' then true
            -- without any loss reasons the losses to others cannot be told apart
            when not dated.has_loss_reasons then null
            when dated.is_won then true
            else
                replace(lower(trim(dated.loss_reason)), '_', ' ')
                <> 'no decision'
        end as is_decided
    from dated
    cross join policy
    left join intermediate.won_stage_stays as usual
        on dated.stage = usual.stage and dated.segment = usual.segment
)

select
    judged.deal_id,
    judged.account,
    judged.segment,
    judged.owner,
    judged.source_channel as channel,
    judged.region,
    case when judged.is_open then judged.stage else judged.status end as stage,
    judged.stage as supplied_stage,
    judged.status,
    judged.is_open,
    judged.is_won,
    judged.is_lost,
    judged.amount,
    judged.probability,
    judged.weighted_amount,
    judged.created_at,
    judged.expected_close,
    judged.last_stage_change,
    judged.close_date,
    judged.event_date,
    judged.cycle_days,
    judged.days_in_stage,
    judged.is_dated_after_as_of,
    judged.is_past_expected_close,
    judged.is_over_stuck_limits,
    judged.is_slower_than_won,
    judged.is_over_stuck_limits
    or judged.is_past_expected_close
    -- a pace that nobody knows accuses no deal
    or coalesce(judged.is_slower_than_won, false) as is_stuck,
    judged.is_decided,
    case
        when judged.is_decided and (judged.is_won or judged.amount <> 0)
            then judged.amount
    end as decided_amount,
    judged.loss_reason,
    judged._file,
    judged._line,
    judged._load_id
from judged
