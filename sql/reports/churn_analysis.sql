-- description = "Which customers left, why, and after how long, in the complete months of the window; as a share of those the months began with. One row per reason, segment and tenure band, the most lost customers first, and a total row."
-- columns.share_of_lost_customers = "Share of all customers lost in the window"
-- columns.customer_months = "Customers of the segment and tenure that each month began with, added over the months"
-- columns.mrr_months = "The MRR of these customers, added over the months"
-- columns.share_of_base = "Lost customers divided by customer_months: the monthly loss of this segment and tenure for this reason"
-- columns.mrr_share_of_base = "Churned MRR divided by mrr_months"
create or replace macro reports.churn_analysis(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
with kept as (
    select base.*
    from marts.opening_base as base
    cross join intermediate.revenue_coverage as coverage
    where
        not base.is_partial
        and (since is null or base.measured_on >= since)
        and (until is null or base.measured_on < until)
        and (segments is null or list_contains(segments, base.segment))
        and (plans is null or list_contains(plans, base.plan))
        and (channels is null or list_contains(channels, base.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, base.region)
        )
),

losses as (
    select
        kept.churn_reason,
        kept.segment,
        kept.tenure_band,
        grouping(kept.segment) = 1 as is_total,
        sum(kept.lost_customers) as lost_customers,
        sum(kept.churned_mrr) as churned_mrr
    from kept
    where kept.churn_reason is not null
    group by grouping sets (
        (kept.churn_reason, kept.segment, kept.tenure_band), ()
    )
),

bases as (
    select
        kept.segment,
        kept.tenure_band,
        grouping(kept.segment) = 1 as is_total,
        sum(kept.base_customers) as customer_months,
        sum(kept.base_mrr) as mrr_months
    from kept
    group by grouping sets ((kept.segment, kept.tenure_band), ())
)

select
    losses.churn_reason,
    losses.segment,
    losses.tenure_band,
    losses.is_total,
    cast(coalesce(losses.lost_customers, coverage.nothing) as bigint)
        as lost_customers,
    losses.lost_customers
    / nullif(
        sum(losses.lost_customers) filter (losses.is_total) over (), 0
    ) as share_of_lost_customers,
    coalesce(losses.churned_mrr, coverage.nothing) as churned_mrr,
    cast(bases.customer_months as bigint) as customer_months,
    losses.lost_customers / nullif(bases.customer_months, 0) as share_of_base,
    bases.mrr_months,
    losses.churned_mrr / nullif(bases.mrr_months, 0) as mrr_share_of_base,
    case
        when regions is not null and not coverage.has_regions then ['regions']
        else cast([] as varchar[])
    end as filters_not_applied
from losses
inner join bases
    on
        losses.is_total = bases.is_total
        and losses.segment is not distinct from bases.segment
        and losses.tenure_band is not distinct from bases.tenure_band
left join intermediate.tenure_bands as bands
    on losses.tenure_band = bands.tenure_band
cross join intermediate.revenue_coverage as coverage
order by
    losses.is_total,
    losses.lost_customers desc,
    losses.churn_reason,
    losses.segment,
    bands.from_months;
