-- description = "The customers behind the revenue metrics and what each adds; a column's sum is the metric or part of that name. One row per customer, day or month measured, and reading: stock, opening, movement, cohort, history."
-- columns.source_file = "Input file the row stands in"
-- columns.source_lines = "Lines of that file that say what the customer paid then"
-- columns.record = "What the row is"

create or replace macro reports.evidence_revenue(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
with asked as (
    select
        max(days.date) as last_date,
        max(days.complete_month) as complete_month,
        max(days.measured_month) as measured_month
    from intermediate.revenue_days as days
    where
        (since is null or days.date >= since)
        and (until is null or days.date < until)
),

stock as (
    select
        'MRR of ' || states.customer_id as record,
        states.customer_id,
        states.segment,
        states.plan,
        states.region,
        states.channel,
        asked.last_date as date,
        asked.last_date as first_day,
        states.mrr,
        12 * states.mrr as arr,
        case when states.is_customer then 1 end as paying_customers
    from intermediate.customer_states as states
    cross join asked
    where
        states.valid_from <= asked.last_date
        and states.valid_to > asked.last_date
        and (states.mrr > 0 or states.is_customer)
),

months as (
    select
        books.*,
        cast(books.month - interval 1 day as date) as first_day
    from marts.customer_months as books
    inner join asked on books.month = asked.complete_month
),

openings as (
    select
        'Opening of ' || months.customer_id as record,
        months.customer_id,
        months.opening_segment as segment,
        months.opening_plan as plan,
        months.opening_region as region,
        months.channel,
        months.measured_on as date,
        months.first_day,
        months.opening_mrr,
        case when months.was_customer then 1 end as opening_customers,
        case when months.was_customer and not months.is_customer then 1 end
            as lost_customers
    from months
    where months.opening_mrr > 0 or months.was_customer
    union all
    select
        'Opening of ' || departures.customer_id,
        departures.customer_id,
        departures.segment,
        departures.plan,
        departures.region,
        departures.channel,
        departures.measured_on,
        cast(departures.month - interval 1 day as date),
        departures.departed_mrr,
        case when departures.is_customer then 1 end,
        null
    from intermediate.departures as departures
    inner join asked on departures.month = asked.complete_month
),

movements as (
    select
        upper(moved.movement[1]) || moved.movement[2:] || ' of '
        || moved.customer_id as record,
        moved.customer_id,
        moved.segment,
        moved.plan,
        moved.region,
        moved.channel,
        moved.measured_on as date,
        cast(moved.month - interval 1 day as date) as first_day,
        case when moved.movement = 'new' then moved.amount end as new_mrr,
        case when moved.movement = 'new' then 1 end as new_customers,
        case when moved.movement = 'reactivation' then moved.amount end
            as reactivation_mrr,
        case when moved.movement = 'expansion' then moved.amount end
            as expansion_mrr,
        case when moved.movement = 'contraction' then moved.amount end
            as contraction_mrr,
        case when moved.movement = 'churn' then moved.amount end as churned_mrr,
        case
            when moved.movement in ('new', 'reactivation', 'expansion')
                then moved.amount
        end as gained_mrr,
        case
            when moved.movement in ('contraction', 'churn') then moved.amount
        end as lost_mrr
    from marts.mrr_movements as moved
    inner join asked on moved.month = asked.complete_month
    where moved.movement not in ('transferred_in', 'transferred_out')
),

short_stays as (
    select
        'Short stay of ' || months.customer_id as record,
        months.customer_id,
        months.segment,
        months.plan,
        months.region,
        months.channel,
        months.measured_on as date,
        months.first_day,
        1 as lost_customers
    from months
    cross join intermediate.revenue_policies as policies
    where months.joined_and_left and policies.joined_and_left_count
),

cohort as (
    select
        'Year of ' || month_ends.customer_id as record,
        month_ends.customer_id,
        sets.segment,
        sets.plan,
        sets.region,
        sets.channel,
        months.measured_on as date,
        last_day(cast(month_ends.month - interval 12 month as date))
            as first_day,
        month_ends.earlier_mrr as base_mrr_12m,
        case when breaks.customer_id is null then month_ends.mrr else 0 end
            as kept_mrr_12m,
        least(kept_mrr_12m, base_mrr_12m) as kept_capped_mrr_12m
    from intermediate.customer_month_ends as month_ends
    inner join asked on month_ends.month = asked.complete_month
    inner join intermediate.revenue_months as months
        on month_ends.month = months.month
    inner join intermediate.attribute_sets as sets
        on month_ends.set_12m_ago = sets.attribute_set
    left join intermediate.cohort_breaks as breaks
        on
            month_ends.customer_id = breaks.customer_id
            and month_ends.month = breaks.month
    where month_ends.earlier_mrr > 0
),

history as (
    select
        'History of ' || books.customer_id as record,
        books.customer_id,
        books.segment,
        books.plan,
        books.region,
        books.channel,
        books.measured_on as date,
        date '0001-01-01' as first_day,
        1 as customers_ever,
        case when books.is_churned_ever then 1 end as churned_ever
    from marts.customer_months as books
    inner join asked on books.month = asked.measured_month
    where books.is_customer_ever
),

found as (
    select * from stock
    union all by name
    select * from openings
    union all by name
    select * from movements
    union all by name
    select * from short_stays
    union all by name
    select * from cohort
    union all by name
    select * from history
),

kept as (
    select found.*
    from found
    cross join intermediate.revenue_coverage as coverage
    where
        (segments is null or list_contains(segments, found.segment))
        and (plans is null or list_contains(plans, found.plan))
        and (channels is null or list_contains(channels, found.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, found.region)
        )
),

lines as (
    select
        spans.customer_id,
        spans.first_day,
        spans.date,
        min(lines._file) as source_file,
        string_agg(cast(lines._line as varchar), ', ' order by lines._line)
            as source_lines
    from (
        select distinct kept.customer_id, kept.first_day, kept.date from kept
    ) as spans
    inner join reports.customer_lines as lines
        on
            spans.customer_id = lines.customer_id
            and spans.date >= lines.valid_from
            and spans.first_day < lines.valid_to
    group by spans.customer_id, spans.first_day, spans.date
)

select
    lines.source_file,
    lines.source_lines,
    kept.* exclude (first_day)
from kept
left join lines
    on
        kept.customer_id = lines.customer_id
        and kept.first_day = lines.first_day
        and kept.date = lines.date
order by kept.record, kept.date
