-- description = "Why customers left, as the customer file states it. One row per reason, the most frequent first."
-- columns.churn_reason = "Reason stated for the loss; 'unknown' where there is none"
-- columns.churned_customers = "Customers lost in the window"
-- columns.customer_share = "Share of the customers lost"
-- columns.mrr_share = "Share of the MRR lost"
create or replace macro reports.churn_reasons(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
with reasons as (
    select
        losses.churn_reason,
        count(*) as churned_customers,
        sum(losses.churned_mrr) as churned_mrr
    from marts.customer_losses as losses
    cross join intermediate.revenue_coverage as coverage
    where
        (since is null or losses.lost_on >= since)
        and (until is null or losses.lost_on < until)
        and (segments is null or list_contains(segments, losses.segment))
        and (plans is null or list_contains(plans, losses.plan))
        and (channels is null or list_contains(channels, losses.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, losses.region)
        )
    group by losses.churn_reason
)

select
    reasons.churn_reason,
    reasons.churned_customers,
    reasons.churned_customers
    / nullif(sum(reasons.churned_customers) over (), 0)
        as customer_share,
    reasons.churned_mrr,
    reasons.churned_mrr / nullif(sum(reasons.churned_mrr) over (), 0)
        as mrr_share,
    case
        when regions is not null and not coverage.has_regions then ['regions']
        else cast([] as varchar[])
    end as filters_not_applied
from reasons
cross join intermediate.revenue_coverage as coverage
order by reasons.churned_customers desc, reasons.churn_reason;
