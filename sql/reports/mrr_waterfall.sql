-- description = "How MRR moved from each month's opening to its closing. One row per month, the latest marked partial while it runs."
-- columns.transferred_in_mrr = "MRR that came with customers from outside the filter: another segment, plan or region"
-- columns.transferred_out_mrr = "MRR that went with customers out of the filter"
-- columns.source = "Where the figures come from, and why some are not known"
create or replace macro reports.mrr_waterfall(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
-- a month belongs to the window when the day it is measured on does
with months as (
    select months.*
    from intermediate.revenue_months as months
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
        coalesce(list_contains(segments, moves.segment), true)
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
)

select
    months.month,
    coalesce(books.opening_mrr, coverage.nothing) as opening_mrr,
    coalesce(books.new_mrr, coverage.nothing) as new_mrr,
    coalesce(books.reactivation_mrr, coverage.nothing) as reactivation_mrr,
    coalesce(books.expansion_mrr, coverage.nothing) as expansion_mrr,
    coalesce(books.contraction_mrr, coverage.nothing) as contraction_mrr,
    coalesce(books.churned_mrr, coverage.nothing) as churned_mrr,
    coalesce(books.closing_mrr, 0) as closing_mrr,
    coalesce(transfers.transferred_in_mrr, coverage.nothing)
        as transferred_in_mrr,
    coalesce(transfers.transferred_out_mrr, coverage.nothing)
        as transferred_out_mrr,
    cast(coalesce(books.new_mrr_unknown_rows, 0) as bigint)
        as new_mrr_unknown_rows,
    cast(coalesce(books.expansion_mrr_unknown_rows, 0) as bigint)
        as expansion_mrr_unknown_rows,
    cast(coalesce(books.contraction_mrr_unknown_rows, 0) as bigint)
        as contraction_mrr_unknown_rows,
    months.is_partial,
    case coverage.mrr_source
        when 'subscriptions'
            then 'subscriptions: the complete ledger of periods'
        else
            'from one snapshot; what churned customers paid is unknown; '
            || 'new, expansion and contraction as supplied'
    end as source,
    case
        when regions is not null and not coverage.has_regions then ['regions']
        else cast([] as varchar[])
    end as filters_not_applied
from months
cross join intermediate.revenue_coverage as coverage
left join books on months.month = books.month
left join transfers on months.month = transfers.month
order by months.month;
