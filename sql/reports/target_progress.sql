-- description = "Each target for won deals beside what was won towards it and what is still due for it, on the last day known. One row per target."
-- columns.is_over = "The last day of the period is known"
-- columns.elapsed_share = "Share of the period's days that have passed"
-- columns.won_so_far = "Won within the period so far, in the target's unit"
-- columns.won_deals_without_amount = "Deals won within the period whose amount is not known"
-- columns.due_deals = "Open deals expected to close within the period"
-- columns.due_amount = "Known amounts of those deals"
-- columns.due_deals_without_amount = "Deals among them whose amount is not known"
create or replace macro reports.target_progress(since := cast(null as date), until := cast(null as date), segments := null, owners := null, known_on := cast(null as date)) as table
with ledger as (
    select * from reports.ledger_coverage(known_on := known_on)
),

targets as (
    select
        targets.*,
        ledger.last_date,
        -- what is not known is not 0: this stands where nothing happened
        case when ledger.last_date is not null then 0 end as nothing,
        targets.period_end <= ledger.last_date + 1 as is_over,
        -- the linear pace of the policy: each day brings the same
        case
            when ledger.last_date is not null
                then least(
                    greatest(
                        date_diff(
                            'day', targets.period_start, ledger.last_date + 1
                        ),
                        0
                    )
                    / nullif(
                        date_diff(
                            'day', targets.period_start, targets.period_end
                        ),
                        0
                    ),
                    1
                )
        end as elapsed_share
    from staging.targets
    cross join ledger
    where
        targets.metric in ('won_amount', 'won_deals')
        and (since is null or targets.period_end > since)
        and (until is null or targets.period_start < until)
        and (segments is null or list_contains(segments, targets.segment))
        and (owners is null or list_contains(owners, targets.owner))
),

-- few rows, however many deals: targets meet days, not deals
deal_days as (
    select
        states.status,
        states.segment,
        states.owner,
        case states.status
            when 'won' then states.closed_on
            else states.expected_close
        end as day,
        count(*) as deals,
        count(*) - count(states.amount) as deals_without_amount,
        sum(states.amount) as amount
    from ledger
    inner join reports.ledger_states(known_on) as states
        on states.valid_from <= ledger.last_date
        and states.valid_to > ledger.last_date
    where
        states.status = 'open'
        or (states.status = 'won' and states.closed_on <= ledger.last_date)
    group by all
),

added as (
    select
        targets.metric,
        targets.period_start,
        targets.period_end,
        targets.segment,
        targets.owner,
        targets._file,
        targets._line,
        sum(deal_days.deals) filter (where deal_days.status = 'won')
            as won_deals,
        sum(deal_days.amount) filter (where deal_days.status = 'won')
            as won_amount,
        sum(deal_days.deals_without_amount)
            filter (where deal_days.status = 'won') as won_deals_without_amount,
        sum(deal_days.deals) filter (where deal_days.status = 'open')
            as due_deals,
        sum(deal_days.amount) filter (where deal_days.status = 'open')
            as due_amount,
        sum(deal_days.deals_without_amount)
            filter (where deal_days.status = 'open')
            as due_deals_without_amount
    from targets
    left join deal_days
        on deal_days.day >= targets.period_start
        and deal_days.day < targets.period_end
        and (targets.segment = 'all' or targets.segment = deal_days.segment)
        and (targets.owner = 'all' or targets.owner = deal_days.owner)
    group by all
)

select
    targets.metric,
    targets.period_start,
    targets.period_end,
    targets.segment,
    targets.owner,
    targets.target_value,
    targets.last_date as measured_on,
    targets.is_over,
    targets.elapsed_share,
    case targets.metric
        when 'won_deals' then coalesce(added.won_deals, targets.nothing)
        else coalesce(added.won_amount, targets.nothing)
    end as won_so_far,
    cast(coalesce(added.won_deals_without_amount, targets.nothing) as bigint)
        as won_deals_without_amount,
    cast(coalesce(added.due_deals, targets.nothing) as bigint) as due_deals,
    coalesce(added.due_amount, targets.nothing) as due_amount,
    cast(coalesce(added.due_deals_without_amount, targets.nothing) as bigint)
        as due_deals_without_amount,
    targets._file,
    targets._line
from targets
inner join added
    on targets._line = added._line and targets._file = added._file
order by
    targets.period_start, targets.metric, targets.segment, targets.owner
