-- description = "Whether the open pipeline due in a target's period could still reach it: open pipeline due / (target - won so far). One row per target for won deals."
-- columns.remaining = "Target less what was won so far; below 0 when it was passed"
-- columns.open_pipeline_due = "Open pipeline due in the period, in the target's unit"
-- columns.coverage = "Open pipeline due divided by what remains; empty when met or over"
-- columns.coverage_needed = "Coverage that it takes where deals are won as they were in the 365 days to measured_on: 1 / win rate by amount of the target's slice; deals still to be created are left out"
-- columns.needed_not_known = "Why those 365 days tell no coverage needed"
-- columns.lost_deals_left_out = "Lost deals of those days that the win rate leaves out, mostly because their amount was cleared: the coverage needed is at least this"
-- columns.won_deals_left_out = "Won deals of those days that the win rate leaves out: the coverage needed is at most this"
-- columns.is_newest = "Its period is the newest that has begun by the window's last day (without one, the last day known), or, before the first begins, the nearest ahead; of several, the shortest. Targets of owners and those of all owners are told apart, as each metric is"
-- columns.reason_not_known = "Why there is no coverage"
create or replace macro reports.coverage(since := cast(null as date), until := cast(null as date), segments := null, owners := null, known_on := cast(null as date)) as table
with measured as (
    select
        progress.*,
        progress.target_value - progress.won_so_far as remaining,
        case progress.metric
            when 'won_deals' then progress.due_deals
            else progress.due_amount
        end as open_pipeline_due,
        case
            when progress.measured_on is null
                then 'nothing was known of deals then'
            when remaining <= 0 then 'target met'
            when progress.is_over then 'the period is over'
            when progress.target_value is null then 'the target has no value'
        end as reason_not_known,
        coalesce(
            progress.period_start < coalesce(until, progress.measured_on + 1),
            false
        ) as is_begun
    from reports.target_progress(
        since := since, until := until, segments := segments,
        owners := owners, known_on := known_on
    ) as progress
),

-- as known today, whatever was known then: the usual rate hardly moves with it
decided as (
    select
        facts.segment,
        facts.owner,
        sum(facts.decided_deals) as decided_deals,
        sum(facts.decided_won_deals) as decided_won_deals,
        sum(facts.win_rate_unknown_rows) as undecided_deals,
        sum(facts.decided_amount) as decided_amount,
        sum(facts.decided_won_amount) as decided_won_amount,
        sum(facts.win_rate_by_amount_unknown_rows * facts.lost_deals)
            as lost_deals_left_out,
        sum(facts.win_rate_by_amount_unknown_rows * facts.won_deals)
            as won_deals_left_out
    from marts.deal_facts as facts
    inner join reports.ledger_coverage(known_on := known_on) as ledger
        on facts.event_date > ledger.last_date - 365
        and facts.event_date <= ledger.last_date
    group by facts.segment, facts.owner
),

added as (
    select
        measured._file,
        measured._line,
        coalesce(sum(decided.decided_deals), 0) as decided_deals,
        sum(decided.decided_won_deals) as decided_won_deals,
        sum(decided.undecided_deals) as undecided_deals,
        cast(sum(decided.lost_deals_left_out) as bigint) as lost_deals_left_out,
        cast(sum(decided.won_deals_left_out) as bigint) as won_deals_left_out,
        cast(sum(decided.decided_amount) as double)
        / nullif(cast(sum(decided.decided_won_amount) as double), 0)
            as coverage_needed
    from measured
    left join decided
        on (measured.segment = 'all' or measured.segment = decided.segment)
        and (measured.owner = 'all' or measured.owner = decided.owner)
    group by measured._file, measured._line
),

needed as (
    select
        added.*,
        case
            when added.coverage_needed is not null then null
            when added.decided_deals = 0 and added.undecided_deals > 0
                then 'the reasons of losses are not known'
            when added.decided_deals = 0 then 'nothing was decided'
            when added.decided_won_deals = 0 then 'nothing was won'
            else 'no won deal has an amount'
        end as needed_not_known
    from added
)

select
    measured.metric,
    measured.period_start,
    measured.period_end,
    measured.segment,
    measured.owner,
    measured.target_value,
    measured.won_so_far,
    measured.remaining,
    measured.open_pipeline_due,
    case
        when measured.reason_not_known is null
            then cast(measured.open_pipeline_due as double)
                / cast(measured.remaining as double)
    end as coverage,
    needed.coverage_needed,
    needed.needed_not_known,
    coalesce(needed.lost_deals_left_out, 0) as lost_deals_left_out,
    coalesce(needed.won_deals_left_out, 0) as won_deals_left_out,
    measured.due_deals,
    measured.due_deals_without_amount,
    measured.won_deals_without_amount,
    measured.measured_on,
    rank() over (
        partition by measured.metric, measured.owner = 'all'
        order by
            measured.is_begun desc,
            case when measured.is_begun then measured.period_start end desc,
            measured.period_start,
            measured.period_end
    ) = 1 as is_newest,
    measured.reason_not_known,
    measured._file,
    measured._line
from measured
inner join needed
    on measured._line = needed._line and measured._file = needed._file
order by
    measured.period_start, measured.metric, measured.segment, measured.owner
