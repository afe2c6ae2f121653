-- description = "What each segment pays, and how it keeps it. One row per segment."
-- columns.mrr_share = "The segment's share of MRR"
create or replace macro reports.mrr_by_segment(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
select
    revenue.slice as segment,
    revenue.mrr,
    revenue.mrr / nullif(sum(revenue.mrr) over (), 0) as mrr_share,
    revenue.paying_customers,
    revenue.arpa,
    revenue.nrr,
    revenue.grr,
    revenue.logo_churn,
    revenue.gross_mrr_churn,
    revenue.is_partial,
    revenue.filters_not_applied
from metrics.revenue(
    since := since,
    until := until,
    segments := segments,
    channels := channels,
    regions := regions,
    plans := plans,
    "by" := 'segment'
) as revenue
left join meta.members as members
    on members.kind = 'segment' and revenue.slice = members.member
where not revenue.is_total
order by members.position nulls last, revenue.slice;
