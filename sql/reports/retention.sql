-- description = "What is left, at the last complete month end of the window, of the customers who paid 1, 3 and 12 months before. One row per span and segment, and one per span over all segments (is_total)."
-- columns.span_months = "Months looked back"
-- columns.month = "The last complete month inside the window"
-- columns.base_customers = "Customers who paid that many months before"
-- columns.retained_customers = "Of these, customers who pay now"
-- columns.base_mrr = "Their MRR then"
-- columns.kept_mrr = "Their MRR now"
-- columns.kept_capped_mrr = "Their MRR now, no customer counted above its MRR then"
create or replace macro reports.retention(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
with last_month as (
    select max(days.complete_month) as month
    from intermediate.revenue_days as days
    where
        (since is null or days.date >= since)
        and (until is null or days.date < until)
),

spans as (
    select
        last_month.month,
        spans.span_months,
        cast(last_month.month - interval 1 month * spans.span_months as date)
            as base_month
    from last_month
    cross join (values (1), (3), (12)) as spans (span_months)
),

months as (
    select customer_months.*
    from marts.customer_months as customer_months
    cross join last_month
    where
        customer_months.month
        between last_month.month - interval 12 month and last_month.month
),

-- the slice is the one in which a customer stood when the span began
bases as (
    select
        spans.span_months,
        spans.base_month,
        spans.month,
        months.customer_id,
        months.segment,
        months.closing_mrr as base_mrr
    from spans
    inner join months on spans.base_month = months.month
    cross join intermediate.revenue_coverage as coverage
    where
        months.closing_mrr > 0
        and (segments is null or list_contains(segments, months.segment))
        and (plans is null or list_contains(plans, months.plan))
        and (channels is null or list_contains(channels, months.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, months.region)
        )
),

customers as (
    select
        bases.span_months,
        bases.segment,
        bases.customer_id,
        any_value(bases.base_mrr) as base_mrr,
        case
            when
                min(months.closing_mrr) > 0
                or any_value(policies.reactivated_count_as_kept)
                then max(months.closing_mrr) filter (
                    months.month = bases.month
                )
            else 0
        end as kept_mrr
    from bases
    inner join months
        on
            bases.customer_id = months.customer_id
            and bases.base_month < months.month
    cross join intermediate.revenue_policies as policies
    group by bases.span_months, bases.segment, bases.customer_id
    -- who is no longer listed is neither kept nor lost
    having bool_or(months.month = bases.month)
),

summed as (
    select
        customers.span_months,
        customers.segment,
        grouping(customers.segment) = 1 as is_total,
        count(*) as base_customers,
        count_if(customers.kept_mrr > 0) as retained_customers,
        sum(customers.base_mrr) as base_mrr,
        sum(customers.kept_mrr) as kept_mrr,
        sum(least(customers.kept_mrr, customers.base_mrr)) as kept_capped_mrr
    from customers
    group by grouping sets (
        (customers.span_months, customers.segment), (customers.span_months)
    )
)

select
    spans.span_months,
    summed.segment,
    summed.segment is null as is_total,
    spans.month,
    cast(summed.base_customers as bigint) as base_customers,
    cast(summed.retained_customers as bigint) as retained_customers,
    summed.retained_customers / nullif(summed.base_customers, 0)
        as logo_retention,
    summed.base_mrr,
    summed.kept_mrr,
    summed.kept_capped_mrr,
    summed.kept_mrr / nullif(summed.base_mrr, 0) as nrr,
    summed.kept_capped_mrr / nullif(summed.base_mrr, 0) as grr,
    case
        when regions is not null and not coverage.has_regions then ['regions']
        else cast([] as varchar[])
    end as filters_not_applied
from spans
left join summed on spans.span_months = summed.span_months
cross join intermediate.revenue_coverage as coverage
order by spans.span_months, is_total, summed.segment;
