-- description = "What targets.csv asks of a window: a flow by the days each period shares with the window (policy target_pace), a stock or a ratio by the period that ends with it. One row per metric whose targets cover the window and the slice."
-- columns.target_value = "The target of exactly this window and slice, in the metric's unit"
-- columns.period_months = "Months of the periods it was taken from; the shortest that cover the window"
create or replace macro reports.window_targets(since := cast(null as date), until := cast(null as date), segments := null, owners := null) as table
with targets as (
    select
        targets.*,
        catalogue.domain,
        catalogue.time_window = 'flow' as is_flow,
        catalogue.unit in ('money', 'count')
        and catalogue.denominator is null as is_additive
    from staging.targets
    inner join meta.metrics as catalogue
        on targets.metric = catalogue.metric and catalogue.role = 'kpi'
    where
        targets.period_start < until
        and targets.period_end > since
        and (
            (segments is null and targets.segment = 'all')
            or list_contains(segments, targets.segment)
        )
        and (
            (owners is null and targets.owner = 'all')
            or list_contains(owners, targets.owner)
        )
),

shares as (
    select
        targets.*,
        targets.is_flow and targets.is_additive as is_paced,
        date_diff('month', targets.period_start, targets.period_end)
            as period_months,
        date_diff('day', targets.period_start, targets.period_end)
            as period_days,
        date_diff(
            'day',
            greatest(targets.period_start, since),
            least(targets.period_end, until)
        ) as shared_days,
        date_diff('day', since, until) as window_days
    from targets
),

by_length as (
    select
        shares.domain,
        shares.metric,
        shares.period_months,
        sum(
            cast(shares.target_value as double) * case
                when shares.is_paced then shares.shared_days / shares.period_days
                else 1
            end
        ) as target_value
    from shares
    where
        shares.is_paced
        or (
            shares.period_end = until
            and (shares.period_start = since or not shares.is_flow)
        )
    group by shares.domain, shares.metric, shares.period_months
    -- a gap, or a segment without a target, leaves nothing to compare with
    having
        sum(case when shares.is_paced then shares.shared_days else shares.window_days end)
        = coalesce(len(segments), 1) * coalesce(len(owners), 1) * any_value(shares.window_days)
        and (any_value(shares.is_additive) or count(*) = 1)
        and count(shares.target_value) = count(*)
)

select
    by_length.domain,
    by_length.metric,
    arg_min(by_length.target_value, by_length.period_months) as target_value,
    min(by_length.period_months) as period_months
from by_length
group by by_length.domain, by_length.metric
order by by_length.domain, by_length.metric
