-- description = "How the open pipeline due in a window moved between the ends of two days: opening plus what moved is closing. One row per bucket."
-- columns.deals = "Deals in the bucket; a deal stands in up to three"
-- columns.deals_without_amount = "Deals whose amount is empty and counts as 0"
-- columns.reason_not_known = "Why there are no figures"
create or replace macro reports.pipeline_waterfall(from_date, to_date, window_start, window_end, segments := null, owners := null, channels := null, regions := null, known_on := cast(null as date)) as table
with summed as (
    select
        movements.bucket,
        count(*) as deals,
        sum(movements.amount) as amount,
        count(*) filter (where movements.is_without_amount)
            as deals_without_amount
    from reports.pipeline_movements(
        from_date, to_date, window_start, window_end,
        segments := segments, owners := owners, channels := channels,
        regions := regions, known_on := known_on
    ) as movements
    group by movements.bucket
),

covered as (
    select
        case
            when from_date is null or to_date is null
                then 'a waterfall needs two days'
            when days.first_date is null then 'nothing was known of deals then'
            when from_date < days.first_date
                then 'deals are known from ' || days.first_date || ' on'
            when to_date > days.last_date
                then 'deals are known up to ' || days.last_date
            when from_date > to_date then 'the end lies before the start'
        end as reason_not_known,
        case
            when regions is null or coverage.has_deal_regions then []
            else ['regions']
        end as filters_not_applied
    from reports.ledger_coverage(known_on := known_on) as days
    cross join intermediate.coverage
)

select
    buckets.bucket,
    case
        when covered.reason_not_known is null then coalesce(summed.deals, 0)
    end as deals,
    case
        when covered.reason_not_known is null then coalesce(summed.amount, 0)
    end as amount,
    case
        when covered.reason_not_known is null
            then coalesce(summed.deals_without_amount, 0)
    end as deals_without_amount,
    buckets.label,
    buckets.position,
    covered.reason_not_known,
    covered.filters_not_applied
from intermediate.waterfall_buckets as buckets
cross join covered
left join summed on buckets.bucket = summed.bucket
order by buckets.position
