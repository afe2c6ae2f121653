-- description = "Whether what was won keeps pace with the target, each day of the period counting the same (policy target_pace). One row per target for won deals."
-- columns.share_of_target = "Won so far divided by the target"
-- columns.expected_so_far = "What the pace asks for by now"
-- columns.ahead_by = "Won so far less what the pace asks for; below 0 when behind"
-- columns.projected = "What the whole period brings if it goes on like this; empty before it begins"
-- columns.projected_share = "That as a share of the target"
-- columns.reason_not_known = "Why there is no pace"
create or replace macro reports.pace(since := cast(null as date), until := cast(null as date), segments := null, owners := null, known_on := cast(null as date)) as table
with measured as (
    select
        progress.*,
        case
            when progress.measured_on is null
                then 'nothing was known of deals then'
            when progress.elapsed_share = 0 then 'the period has not begun'
        end as reason_not_known
    from reports.target_progress(
        since := since, until := until, segments := segments,
        owners := owners, known_on := known_on
    ) as progress
),

paced as (
    select
        measured.*,
        cast(measured.target_value as double) as target,
        case
            when measured.reason_not_known is null
                then cast(measured.won_so_far as double)
        end as won
    from measured
)

select
    paced.metric,
    paced.period_start,
    paced.period_end,
    paced.segment,
    paced.owner,
    paced.target_value,
    paced.won_so_far,
    paced.won / nullif(paced.target, 0) as share_of_target,
    paced.elapsed_share,
    paced.target * paced.elapsed_share as expected_so_far,
    paced.won - paced.target * paced.elapsed_share as ahead_by,
    paced.won / nullif(paced.elapsed_share, 0) as projected,
    paced.won / nullif(paced.elapsed_share, 0) / nullif(paced.target, 0)
        as projected_share,
    paced.is_over,
    paced.won_deals_without_amount,
    paced.measured_on,
    paced.reason_not_known,
    paced._file,
    paced._line
from paced
order by paced.period_start, paced.metric, paced.segment, paced.owner
