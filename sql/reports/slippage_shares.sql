-- description = "What became of the deals due in the periods of a window, per owner, segment or in total: the periods added up before anything is divided. One row per slice."
-- columns.slice = "Owner or segment when the period began; 'all' without `by`"
-- columns.due_deals = "Deals due in a period when it began"
-- columns.won_share = "Share of the deals due that was won"
-- columns.lost_share = "Share of the deals due that was lost"
-- columns.slipped_share = "Share of the deals due that slipped: due later now, or still open after the period"
-- columns.other_share = "Share pulled earlier, removed, or still open and due"
-- columns.slipped_amount = "What the slipped deals were worth when the period began"
-- columns.pushes = "Times the close of the deals due was moved later, since they are known"
create or replace macro reports.slippage_shares(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null, "by" := null, known_on := cast(null as date)) as table
with outcomes as (
    select
        coalesce(slippage.slice, 'all') as slice,
        slippage.outcome,
        slippage.deals,
        slippage.amount,
        slippage.pushes
    from reports.slippage(
        since := since, until := until, segments := segments,
        channels := channels, regions := regions, owners := owners,
        known_on := known_on
    ) as slippage
    where
        slippage.is_in_cohort
        and slippage.reason_not_known is null
        and case
            when "by" is null then slippage.dimension = 'total'
            when "by" in ('owner', 'segment') then slippage.dimension = "by"
            else error(
                'reports.slippage_shares: by := ' || "by"
                || ' is not one of owner, segment'
            )
        end
),

summed as (
    select
        outcomes.slice,
        sum(outcomes.deals) as due,
        sum(outcomes.deals) filter (where outcomes.outcome = 'won') as won,
        sum(outcomes.deals) filter (where outcomes.outcome = 'lost') as lost,
        sum(outcomes.deals) filter (where outcomes.outcome = 'slipped')
            as slipped,
        sum(outcomes.amount) filter (where outcomes.outcome = 'slipped')
            as slipped_amount,
        sum(outcomes.pushes) as pushes
    from outcomes
    group by outcomes.slice
)

select
    summed.slice,
    cast(summed.due as bigint) as due_deals,
    cast(summed.won as double) / nullif(summed.due, 0) as won_share,
    cast(summed.lost as double) / nullif(summed.due, 0) as lost_share,
    cast(summed.slipped as double) / nullif(summed.due, 0) as slipped_share,
    cast(summed.due - summed.won - summed.lost - summed.slipped as double)
    / nullif(summed.due, 0) as other_share,
    cast(summed.slipped as bigint) as slipped_deals,
    cast(summed.slipped_amount as decimal(38, 6)) as slipped_amount,
    cast(summed.pushes as bigint) as pushes
from summed
where summed.due > 0
order by slipped_share desc, summed.slice
