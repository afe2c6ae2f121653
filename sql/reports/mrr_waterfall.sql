-- description = "How MRR moved from each period's opening to its closing; grain is month, quarter or year (fiscal). One row per period, marked partial while it runs or where the window cuts it."
-- columns.month = "First month of the period inside the window"
-- columns.period_end = "First day after the period"
-- columns.transferred_in_mrr = "MRR that came with customers from outside the filter: another segment, plan or region"
-- columns.transferred_out_mrr = "MRR that went with customers out of the filter"
-- columns.source = "Where the figures come from, and why some are not known"
create or replace macro reports.mrr_waterfall(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null, grain := 'month') as table
-- a month belongs to the window when the day it is measured on does
with months as (
    select
        months.*,
        periods.period_start,
        periods.period_end
    from intermediate.revenue_months as months
    inner join intermediate.revenue_periods as periods
        on
            months.measured_on = periods.date
            and periods.grain = case
                when grain in ('month', 'quarter', 'year') then grain
                else error(
                    'reports.mrr_waterfall: grain := ' || grain
                    || ' is not one of month, quarter, year'
                )
            end
    where
        (since is null or months.measured_on >= since)
        and (until is null or months.measured_on < until)
),

books as (
    select
        books.month,
        sum(books.opening_mrr) as opening_mrr,
        sum(books.new_mrr) as new_mrr,
        sum(books.reactivation_mrr) as reactivation_mrr,
        sum(books.expansion_mrr) as expansion_mrr,
        sum(books.contraction_mrr) as contraction_mrr,
        sum(books.churned_mrr) as churned_mrr,
        sum(books.closing_mrr) as closing_mrr,
        sum(columns('.*_unknown_rows'))
    from marts.revenue_monthly as books
    cross join intermediate.revenue_coverage as coverage
    where
        (segments is null or list_contains(segments, books.segment))
        and (plans is null or list_contains(plans, books.plan))
        and (channels is null or list_contains(channels, books.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, books.region)
        )
    group by books.month
),

-- only a move across the filter's border is a transfer: within it MRR stays
moves as (
    select
        moves.month,
        moves.amount,
        coalesce(list_contains(segments, moves.opening_segment), true)
        and coalesce(list_contains(plans, moves.opening_plan), true)
        and (
            not coverage.has_regions
            or coalesce(list_contains(regions, moves.opening_region), true)
        ) as was_inside,
        -- who is no longer listed is inside of nothing
        moves.segment is not null
        and coalesce(list_contains(segments, moves.segment), true)
        and coalesce(list_contains(plans, moves.plan), true)
        and (
            not coverage.has_regions
            or coalesce(list_contains(regions, moves.region), true)
        ) as is_inside
    from marts.mrr_transfers as moves
    cross join intermediate.revenue_coverage as coverage
    where channels is null or list_contains(channels, moves.channel)
),

transfers as (
    select
        moves.month,
        sum(moves.amount) filter (moves.is_inside and not moves.was_inside)
            as transferred_in_mrr,
        sum(moves.amount) filter (moves.was_inside and not moves.is_inside)
            as transferred_out_mrr
    from moves
    group by moves.month
),

-- transfers of a period are those of its months: who moved in and out again
-- within it is in both columns, so that the balance holds
periods as (
    select
        months.period_start,
        months.period_end,
        min(months.month) as month,
        arg_min(
            coalesce(books.opening_mrr, coverage.nothing), months.month
        ) as opening_mrr,
        sum(coalesce(books.new_mrr, coverage.nothing)) as new_mrr,
        sum(coalesce(books.reactivation_mrr, coverage.nothing))
            as reactivation_mrr,
        sum(coalesce(books.expansion_mrr, coverage.nothing)) as expansion_mrr,
        sum(coalesce(books.contraction_mrr, coverage.nothing))
            as contraction_mrr,
        sum(coalesce(books.churned_mrr, coverage.nothing)) as churned_mrr,
        arg_max(coalesce(books.closing_mrr, 0), months.month) as closing_mrr,
        sum(coalesce(transfers.transferred_in_mrr, coverage.nothing))
            as transferred_in_mrr,
        sum(coalesce(transfers.transferred_out_mrr, coverage.nothing))
            as transferred_out_mrr,
        sum(columns(books.* exclude (
            month, opening_mrr, new_mrr, reactivation_mrr, expansion_mrr,
            contraction_mrr, churned_mrr, closing_mrr
        ))),
        bool_or(months.is_partial)
        or min(months.month) > months.period_start
        or last_day(max(months.month)) + 1 < months.period_end as is_partial
    from months
    cross join intermediate.revenue_coverage as coverage
    left join books on months.month = books.month
    left join transfers on months.month = transfers.month
    group by months.period_start, months.period_end
)

select
    periods.month,
    periods.opening_mrr,
    periods.new_mrr,
    periods.reactivation_mrr,
    periods.expansion_mrr,
    periods.contraction_mrr,
    periods.churned_mrr,
    periods.closing_mrr,
    periods.transferred_in_mrr,
    periods.transferred_out_mrr,
    cast(coalesce(periods.new_mrr_unknown_rows, 0) as bigint)
        as new_mrr_unknown_rows,
    cast(coalesce(periods.expansion_mrr_unknown_rows, 0) as bigint)
        as expansion_mrr_unknown_rows,
    cast(coalesce(periods.contraction_mrr_unknown_rows, 0) as bigint)
        as contraction_mrr_unknown_rows,
    periods.is_partial,
    periods.period_end,
    case coverage.mrr_source
        when 'subscriptions'
            then 'subscriptions: the complete ledger of periods'
        when 'snapshots'
            then 'customer files of earlier builds; who is no longer listed '
            || 'without having left is transferred out'
        else
            'from one snapshot; what churned customers paid is unknown; '
            || 'new, expansion and contraction as supplied'
    end as source,
    case
        when regions is not null and not coverage.has_regions then ['regions']
        else cast([] as varchar[])
    end as filters_not_applied
from periods
cross join intermediate.revenue_coverage as coverage
order by periods.month;
