-- description = "Recurring revenue: what customers pay, keep, add and stop paying. One row per slice and one total row."
-- by = ["segment", "plan", "region", "channel"]
-- mrr = { label = "MRR", unit = "money", better = "higher", window = "stock", definition = "Monthly recurring revenue on the last day of the window: the sum over periods begun and not yet ended." }
-- arr = { label = "ARR", unit = "money", better = "higher", window = "stock", definition = "Annual recurring revenue: 12 times MRR." }
-- paying_customers = { label = "Paying customers", unit = "count", better = "higher", window = "stock", definition = "Customers with MRR above 0 on the last day of the window." }
-- arpa = { label = "ARPA", unit = "money", better = "higher", numerator = "mrr", denominator = "paying_customers", window = "stock", definition = "Average revenue per account: MRR divided by paying customers." }
-- asp = { label = "ASP", unit = "money", better = "higher", numerator = "new_mrr", denominator = "new_customers", window = "last_month", definition = "Average selling price: new MRR divided by new customers, in the last complete month." }
-- nrr = { label = "Net revenue retention", unit = "ratio", better = "higher", benchmark = "nrr_targets", numerator = "kept_mrr_12m", denominator = "base_mrr_12m", window = "last_12_months", definition = "MRR now of the customers who paid 12 months ago, divided by their MRR then; at the last complete month end." }
-- grr = { label = "Gross revenue retention", unit = "ratio", better = "higher", numerator = "kept_capped_mrr_12m", denominator = "base_mrr_12m", window = "last_12_months", definition = "As net revenue retention, with no customer counted above its MRR then: what is kept before expansion." }
-- quick_ratio = { label = "Quick ratio", unit = "multiple", better = "higher", numerator = "gained_mrr", denominator = "lost_mrr", window = "last_month", definition = "New, reactivation and expansion MRR divided by churned and contraction MRR; undefined without losses." }
-- logo_churn = { label = "Logo churn", unit = "ratio", better = "lower", numerator = "lost_customers", denominator = "opening_customers", window = "last_month", definition = "Customers lost in the month divided by the customers it began with." }
-- gross_mrr_churn = { label = "Gross MRR churn", unit = "ratio", better = "lower", numerator = "lost_mrr", denominator = "opening_mrr", window = "last_month", definition = "Churned and contraction MRR divided by the MRR the month began with." }
-- lifetime_churn_share = { label = "Lifetime churn share", unit = "ratio", better = "lower", numerator = "churned_ever", denominator = "customers_ever", window = "stock", definition = "Customers who ever left divided by customers ever; it grows with age and is no churn rate." }
-- opening_mrr = { label = "Opening MRR", unit = "money", window = "last_month", role = "part", definition = "MRR at the beginning of the last complete month." }
-- new_mrr = { label = "New MRR", unit = "money", better = "higher", window = "last_month", role = "part", definition = "MRR of customers who never paid before, in the last complete month." }
-- new_customers = { label = "New customers", unit = "count", better = "higher", window = "last_month", role = "part", definition = "Customers who paid for the first time in the last complete month." }
-- reactivation_mrr = { label = "Reactivation MRR", unit = "money", better = "higher", window = "last_month", role = "part", definition = "MRR of customers who had stopped paying and pay again, in the last complete month." }
-- expansion_mrr = { label = "Expansion MRR", unit = "money", better = "higher", window = "last_month", role = "part", definition = "MRR added by customers who already paid, in the last complete month." }
-- contraction_mrr = { label = "Contraction MRR", unit = "money", better = "lower", window = "last_month", role = "part", definition = "MRR lost from customers who still pay, in the last complete month." }
-- churned_mrr = { label = "Churned MRR", unit = "money", better = "lower", window = "last_month", role = "part", definition = "MRR of customers who stopped paying, in the last complete month." }
-- gained_mrr = { label = "Gained MRR", unit = "money", better = "higher", window = "last_month", role = "part", definition = "New, reactivation and expansion MRR of the last complete month." }
-- lost_mrr = { label = "Lost MRR", unit = "money", better = "lower", window = "last_month", role = "part", definition = "Churned and contraction MRR of the last complete month." }
-- opening_customers = { label = "Opening customers", unit = "count", window = "last_month", role = "part", definition = "Customers at the beginning of the last complete month." }
-- lost_customers = { label = "Lost customers", unit = "count", better = "lower", window = "last_month", role = "part", definition = "Customers of the opening base who were customers no more at the end of the last complete month." }
-- base_mrr_12m = { label = "MRR 12 months ago", unit = "money", window = "last_12_months", role = "part", definition = "MRR 12 months before the last complete month end." }
-- kept_mrr_12m = { label = "MRR kept or expanded", unit = "money", window = "last_12_months", role = "part", definition = "MRR at the last complete month end of the customers who paid 12 months before." }
-- kept_capped_mrr_12m = { label = "MRR kept", unit = "money", window = "last_12_months", role = "part", definition = "The same, with no customer counted above its MRR then." }
-- customers_ever = { label = "Customers ever", unit = "count", window = "stock", role = "part", definition = "Customers who paid at any month end measured so far." }
-- churned_ever = { label = "Customers who ever left", unit = "count", window = "stock", role = "part", definition = "Customers who had stopped paying at any month end measured so far, whether or not they came back." }
create or replace macro metrics.revenue(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, "by" := null, plans := null) as table
-- Windows come from every known day, not from the kept rows: a slice that died
-- still ends where the window ends.
with windows as (
    select
        periods.period_start,
        grouping(periods.period_start) = 1 as is_total,
        max(periods.date) as last_date,
        max(periods.complete_month) as complete_month,
        max(periods.measured_month) as measured_month,
        max(periods.measured_on) as measured_on,
        min(periods.date) > min(periods.period_start)
        or max(periods.date) + 1 < max(periods.period_end) as is_cut,
        -- inside the known days the absence of a row means 0
        case when max(periods.date) is not null then 0 end as no_stock,
        case when max(periods.complete_month) is not null then 0 end as no_flow
    from intermediate.revenue_periods as periods
    where
        periods.grain = case
            when "by" in ('week', 'quarter', 'year') then "by" else 'month'
        end
        and (since is null or periods.date >= since)
        and (until is null or periods.date < until)
    group by grouping sets ((periods.period_start), ())
    having is_total or "by" in ('week', 'month', 'quarter', 'year')
),

-- a stock is what the last measured month closed with, and what changed since
facts as (
    select
        daily.date, daily.segment, daily.plan, daily.region, daily.channel,
        daily.mrr_change as mrr,
        daily.customers_change as paying_customers
    from marts.revenue_daily as daily
    where
        daily.date <= (select max(windows.last_date) from windows)
        and daily.date > (
            select min(windows.measured_on)
            from windows
            where windows.measured_on < windows.last_date
        )
    union all by name
    select
        monthly.* exclude (
            measured_on, is_partial, closing_mrr, new_mrr_unknown_rows,
            expansion_mrr_unknown_rows, contraction_mrr_unknown_rows
        ),
        monthly.closing_mrr as mrr
    from marts.revenue_monthly as monthly
    where
        monthly.month in (select windows.measured_month from windows)
        or monthly.month in (select windows.complete_month from windows)
),

kept as (
    select
        facts.date,
        facts.month,
        case "by"
            when 'segment' then facts.segment when 'plan' then facts.plan
            when 'region' then facts.region when 'channel' then facts.channel
        end as member,
        sum(columns(
            facts.* exclude (date, month, segment, plan, region, channel)
        ))
    from facts
    cross join intermediate.revenue_coverage as coverage
    where
        (segments is null or list_contains(segments, facts.segment))
        and (plans is null or list_contains(plans, facts.plan))
        and (channels is null or list_contains(channels, facts.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, facts.region)
        )
    group by all
),

summed as (
    select
        coalesce(kept.member, cast(windows.period_start as varchar)) as slice,
        windows.is_total and grouping(kept.member) = 1 as is_total,
        windows.is_total as is_whole_window,
        bool_or(windows.is_cut) as is_cut,
        coalesce(
            sum(columns(
                ['mrr', 'paying_customers', 'customers_ever', 'churned_ever']
            )) filter (
                kept.date is not null or kept.month = windows.measured_month
            ),
            max(windows.no_stock)
        ),
        coalesce(
            sum(columns(kept.* exclude (
                date, month, member,
                mrr, paying_customers, customers_ever, churned_ever
            ))) filter (kept.month = windows.complete_month),
            max(windows.no_flow)
        )
    from windows
    left join kept
        on kept.month in (windows.complete_month, windows.measured_month)
        or (kept.date > windows.measured_on and kept.date <= windows.last_date)
    group by grouping sets (
        (windows.period_start, windows.is_total),
        (windows.period_start, windows.is_total, kept.member)
    )
    having grouping(kept.member) = 1 or kept.member is not null
)

select
    summed.slice,
    summed.is_total,
    case
        when not summed.is_whole_window then summed.is_cut
        else
            coalesce(since < coverage.first_date, false)
            or coalesce(until > coverage.as_of + 1, false)
            or summed.mrr is null
    end as is_partial,
    case
        when regions is not null and not coverage.has_regions then ['regions']
        else cast([] as varchar[])
    end as filters_not_applied,
    summed.mrr,
    12 * summed.mrr as arr,
    cast(summed.paying_customers as bigint) as paying_customers,
    summed.mrr / nullif(summed.paying_customers, 0) as arpa,
    summed.new_mrr / nullif(summed.new_customers, 0) as asp,
    summed.kept_mrr_12m / nullif(summed.base_mrr_12m, 0) as nrr,
    summed.kept_capped_mrr_12m / nullif(summed.base_mrr_12m, 0) as grr,
    (summed.new_mrr + summed.reactivation_mrr + summed.expansion_mrr)
    / nullif(summed.churned_mrr + summed.contraction_mrr, 0) as quick_ratio,
    summed.lost_customers / nullif(summed.opening_customers, 0) as logo_churn,
    (summed.churned_mrr + summed.contraction_mrr)
    / nullif(summed.opening_mrr, 0) as gross_mrr_churn,
    summed.churned_ever / nullif(summed.customers_ever, 0)
        as lifetime_churn_share,
    summed.opening_mrr,
    summed.new_mrr,
    cast(summed.new_customers as bigint) as new_customers,
    summed.reactivation_mrr,
    summed.expansion_mrr,
    summed.contraction_mrr,
    summed.churned_mrr,
    summed.new_mrr + summed.reactivation_mrr + summed.expansion_mrr
        as gained_mrr,
    summed.churned_mrr + summed.contraction_mrr as lost_mrr,
    cast(summed.opening_customers as bigint) as opening_customers,
    cast(summed.lost_customers as bigint) as lost_customers,
    summed.base_mrr_12m,
    summed.kept_mrr_12m,
    summed.kept_capped_mrr_12m,
    cast(summed.customers_ever as bigint) as customers_ever,
    cast(summed.churned_ever as bigint) as churned_ever
from summed
cross join intermediate.revenue_coverage as coverage
where
    case
        when "by" is null then true
        when "by" in ('segment', 'plan', 'region', 'channel') then true
        when "by" in ('week', 'month', 'quarter', 'year') then true
        else error(
            'metrics.revenue: by := ' || "by" || ' is not one of '
            || 'segment, plan, region, channel, week, month, quarter, year'
        )
    end
order by summed.is_total, summed.slice;
