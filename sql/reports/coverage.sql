-- description = "Whether the open pipeline due in a target's period could still reach it: open pipeline due / (target - won so far). One row per target for won deals."
-- columns.remaining = "Target less what was won so far; below 0 when it was passed"
-- columns.open_pipeline_due = "Open pipeline due in the period, in the target's unit"
-- columns.coverage = "Open pipeline due divided by what remains; empty when met or over"
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
        end as reason_not_known
    from reports.target_progress(
        since := since, until := until, segments := segments,
        owners := owners, known_on := known_on
    ) as progress
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
    measured.due_deals,
    measured.due_deals_without_amount,
    measured.won_deals_without_amount,
    measured.measured_on,
    measured.reason_not_known,
    measured._file,
    measured._line
from measured
order by
    measured.period_start, measured.metric, measured.segment, measured.owner
