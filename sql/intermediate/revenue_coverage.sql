-- description = "From when to when the MRR of customers is known, and from which source. One row."
-- columns.mrr_source = "Where MRR comes from: 'subscriptions' (complete ledger), 'snapshots' (customer files of several builds) or 'one_snapshot' (today's customer file only)"
-- columns.first_date = "First day whose MRR is known"
-- columns.as_of = "Last day whose MRR is known"
-- columns.nothing = "What the absence of a row means: 0 with a history, not known (empty) with one snapshot"
-- columns.has_regions = "The customer file has a geo column"
with build as (
    select
        build.mrr_source,
        build.as_of
    from meta.build as build
),

contract as (
    select
        coalesce(
            bool_or(contract.column_name = 'geo' and contract.is_present), false
        ) as has_regions
    from meta.columns as contract
    where contract.dataset = 'revenue_customers'
),

first_period as (
    select min(subscriptions.start_date) as first_date
    from staging.subscriptions as subscriptions
),

first_snapshot as (
    select min(snapshots.as_of) as first_date
    from intermediate.customer_snapshots as snapshots
)

select
    build.mrr_source,
    build.as_of,
    case when build.mrr_source <> 'one_snapshot' then 0 end as nothing,
    case
        -- one snapshot says what customers pay on its own day, nothing before
        when build.mrr_source = 'one_snapshot' then build.as_of
        -- a month needs a snapshot before it to open with: the one after the
        -- first snapshot's is the first, and known from its end
        when build.mrr_source = 'snapshots'
            then least(
                last_day(
                    cast(
                        date_trunc('month', first_snapshot.first_date)
                        + interval 1 month as date
                    )
                ),
                build.as_of
            )
        -- the ledger is complete: before its first period nobody paid, so its
        -- first month is known from the first day
        else cast(
            date_trunc('month', least(first_period.first_date, build.as_of))
            as date
        )
    end as first_date,
    contract.has_regions
from build
cross join contract
cross join first_period
cross join first_snapshot
