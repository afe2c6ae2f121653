-- description = "Whether the open pipeline due in a target's period could still reach it: open pipeline due / (target - won so far). One row per target for won deals."
-- columns.remaining = "Target less what was won so far; below 0 when it was passed"
-- columns.open_pipeline_due = "Open pipeline due in the period, in the target's unit"
-- columns.coverage = "Open pipeline due divided by what remains; empty when met or over"
-- columns.coverage_needed = "Coverage that it takes where deals are won as they were in the 365 days to measured_on: 1 / win rate by amount of the target's slice; deals still to be created are left out"
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
        sum(facts.decided_amount) as decided_amount,
        sum(facts.decided_won_amount) as decided_won_amount
    from marts.deal_facts as facts
    inner join reports.ledger_coverage(known_on := known_on) as ledger
        on facts.event_date > ledger.last_date - 365
        and facts.event_date <= ledger.last_date
    group by facts.segment, facts.owner
),

needed as (
    select
        measured._file,
        measured._line,
        cast(sum(decided.decided_amount) as double)
        / nullif(cast(sum(decided.decided_won_amount) as double), 0)
            as coverage_needed
    from measured
    left join decided
        on (measured.segment = 'all' or measured.segment = decided.segment)
        and (measured.owner = 'all' or measured.owner = decided.owner)
    group by measured._file, measured._line
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
