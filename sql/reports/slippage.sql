-- description = "What became of the deals due in a period, as shares of all that were due when it began; in total, by segment and by owner. One row per period, slice and outcome."
-- columns.dimension = "total, segment or owner"
-- columns.slice = "Segment or owner when the period began; empty for the total"
-- columns.deals = "Deals with this outcome"
-- columns.share_of_deals = "Share of the deals due; empty for what came beside"
-- columns.amount = "What they were worth when the period began; what came beside at its end, if open or won"
-- columns.share_of_amount = "Share of the amount due; empty for what came beside"
-- columns.deals_without_amount = "Deals whose amount is empty and counts as 0"
-- columns.pushes = "Times their expected close was moved later, since they are known"
create or replace macro reports.slippage(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null, known_on := cast(null as date)) as table
with periods as (
    select * from reports.ledger_periods(
        since := since, until := until, known_on := known_on
    )
),

followed as (
    select
        deals.period_start,
        deals.segment,
        deals.owner,
        deals.outcome,
        deals.amount_at_start as amount,
        deals.pushes
    from reports.slippage_deals(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, owners := owners,
        known_on := known_on
    ) as deals
    union all
    select
        periods.period_start,
        arrived.segment,
        arrived.owner,
        arrived.bucket as outcome,
        case when not arrived.is_without_amount then arrived.amount end
            as amount,
        null as pushes
    from periods
    cross join lateral reports.pipeline_movements(
        periods.started_on, periods.measured_on,
        periods.period_start, periods.period_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as arrived
    where
        periods.reason_not_known is null
        and arrived.bucket in ('pulled_in', 'created')
),

counted as (
    select
        followed.period_start,
        case grouping(followed.segment, followed.owner)
            when 1 then 'segment'
            when 2 then 'owner'
            else 'total'
        end as dimension,
        coalesce(followed.segment, followed.owner) as slice,
        followed.outcome,
        count(*) as deals,
        coalesce(sum(followed.amount), 0) as amount,
        count(*) - count(followed.amount) as deals_without_amount,
        cast(sum(followed.pushes) as bigint) as pushes
    from followed
    group by grouping sets (
        (followed.period_start, followed.outcome),
        (followed.period_start, followed.segment, followed.outcome),
        (followed.period_start, followed.owner, followed.outcome)
    )
),

slices as (
    select periods.*, 'total' as dimension, null as slice from periods
    union all by name
    select distinct periods.*, counted.dimension, counted.slice
    from periods
    inner join counted on periods.period_start = counted.period_start
    where counted.dimension <> 'total'
),

filled as (
    select
        slices.*,
        outcomes.outcome,
        outcomes.label,
        outcomes.position,
        outcomes.is_in_cohort,
        case when slices.reason_not_known is null then 0 end as nothing,
        coalesce(counted.deals, nothing) as deals,
        coalesce(counted.amount, nothing) as amount,
        coalesce(counted.deals_without_amount, nothing) as deals_without_amount,
        coalesce(
            counted.pushes, case when outcomes.is_in_cohort then nothing end
        ) as pushes,
        sum(deals) filter (where outcomes.is_in_cohort) over slice as all_deals,
        sum(amount) filter (where outcomes.is_in_cohort) over slice
            as all_amount
    from slices
    cross join intermediate.slippage_outcomes as outcomes
    left join counted
        on slices.period_start = counted.period_start
        and slices.dimension = counted.dimension
        and slices.slice is not distinct from counted.slice
        and outcomes.outcome = counted.outcome
    window slice as (
        partition by slices.period_start, slices.dimension, slices.slice
    )
)

select
    filled.period_start,
    filled.period_end,
    filled.is_over,
    filled.dimension,
    filled.slice,
    filled.outcome,
    filled.label,
    filled.position,
    filled.is_in_cohort,
    filled.deals,
    case
        when filled.is_in_cohort then filled.deals / nullif(filled.all_deals, 0)
    end as share_of_deals,
    filled.amount,
    case
        when filled.is_in_cohort
            then cast(filled.amount as double)
                / nullif(cast(filled.all_amount as double), 0)
    end as share_of_amount,
    filled.deals_without_amount,
    filled.pushes,
    filled.reason_not_known,
    case
        when regions is null or coverage.has_deal_regions then []
        else ['regions']
    end as filters_not_applied
from filled
cross join intermediate.coverage
order by
    filled.period_start, filled.dimension desc, filled.slice, filled.position
