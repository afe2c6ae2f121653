-- description = "What became of the deals that were open when a period began and due in it. One row per period and deal."
-- columns.outcome = "won, lost, slipped, pulled_earlier, removed or still_due"
-- columns.amount_at_start = "Amount when the period began; empty when not known"
-- columns.expected_close_at_start = "Expected close when the period began"
-- columns.expected_close_at_end = "Expected close when the outcome was measured"
-- columns.pushes = "Times the expected close was moved later, since the deal is known"
-- columns.pushes_in_period = "Times it was moved later within the period"
create or replace macro reports.slippage_deals(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, owners := null, known_on := cast(null as date)) as table
with cohort as (
    select
        periods.period_start,
        periods.period_end,
        periods.measured_on,
        periods.is_over,
        due.deal_id,
        due.account,
        due.segment,
        due.owner,
        due.channel,
        due.region,
        due.stage,
        due.amount as amount_at_start,
        due.expected_close as expected_close_at_start
    from reports.ledger_periods(
        since := since, until := until, known_on := known_on
    ) as periods
    cross join lateral reports.deals_on(
        periods.started_on,
        window_start := periods.period_start,
        window_end := periods.period_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as due
    where periods.reason_not_known is null and due.is_in_scope
),

pushed as (
    select
        cohort.period_start,
        cohort.deal_id,
        count(*) as pushes,
        count(*) filter (where pushes.pushed_on >= cohort.period_start)
            as pushes_in_period
    from cohort
    inner join reports.deal_pushes(known_on := known_on) as pushes
        on cohort.deal_id = pushes.deal_id
        and cohort.measured_on >= pushes.pushed_on
    group by cohort.period_start, cohort.deal_id
)

select
    cohort.*,
    later.status,
    later.expected_close as expected_close_at_end,
    later.closed_on,
    case
        when coalesce(later.status = 'removed', true) then 'removed'
        when later.status <> 'open' then later.status
        when
            cohort.is_over
            or coalesce(later.expected_close >= cohort.period_end, true)
            then 'slipped'
        when later.expected_close < cohort.period_start then 'pulled_earlier'
        else 'still_due'
    end as outcome,
    coalesce(pushed.pushes, 0) as pushes,
    coalesce(pushed.pushes_in_period, 0) as pushes_in_period
from cohort
left join reports.ledger_states(known_on) as later
    on cohort.deal_id = later.deal_id
    and cohort.measured_on >= later.valid_from
    and cohort.measured_on < later.valid_to
left join pushed
    on cohort.deal_id = pushed.deal_id
    and cohort.period_start = pushed.period_start
order by cohort.period_start, cohort.amount_at_start desc nulls last, cohort.deal_id
