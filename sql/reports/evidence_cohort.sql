-- description = "The customers behind a cell of retention_cohorts and what each adds; a column's sum is the figure of that name. One row per customer of the cohort; where none is named, of every cohort that has come so many months far."
-- columns.date = "Day at whose end the later month is measured"
-- columns.cohort_customers = "1 if it was a customer in the cohort's own month"
-- columns.retained_mrr = "What the customer pays so many months later; 0 once it has left"
-- columns.retained_customers = "1 if it is a customer then"
-- columns.source_lines = "Lines of that file that say what the customer paid in either month"
create or replace macro reports.evidence_cohort(cohort_month := cast(null as date), months_since := 0, since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
-- as in retention_cohorts: cohorts whose month ends in the window, and whole
-- months only
with spans as (
    select
        begun.month as first_month,
        begun.measured_on as begun_on,
        later.month,
        later.measured_on
    from intermediate.revenue_months as begun
    inner join intermediate.revenue_months as later
        on (year(later.month) - year(begun.month)) * 12
        + month(later.month) - month(begun.month) = months_since
    where
        not begun.is_partial
        and not later.is_partial
        and begun.month = coalesce(cohort_month, begun.month)
        and (since is null or begun.measured_on >= since)
        and (until is null or later.measured_on < until)
),

customers as (
    select
        spans.*,
        begun.customer_id,
        sets.segment,
        sets.plan,
        sets.region,
        sets.channel,
        begun.cohort_mrr,
        cast(begun.is_customer as integer) as cohort_customers
    from spans
    inner join intermediate.cohort_customers as begun
        on spans.first_month = begun.cohort_month
    inner join intermediate.attribute_sets as sets
        on begun.attribute_set = sets.attribute_set
    cross join intermediate.revenue_coverage as coverage
    where
        (segments is null or list_contains(segments, sets.segment))
        and (plans is null or list_contains(plans, sets.plan))
        and (channels is null or list_contains(channels, sets.channel))
        and (
            regions is null
            or not coverage.has_regions
            or list_contains(regions, sets.region)
        )
),

-- what was paid in between adds to neither end
lines as (
    select
        customers.customer_id,
        min(lines._file) as source_file,
        string_agg(cast(lines._line as varchar), ', ' order by lines._line)
            as source_lines
    from customers
    inner join reports.customer_lines as lines
        on
            customers.customer_id = lines.customer_id
            and (
                (
                    customers.begun_on >= lines.valid_from
                    and customers.begun_on < lines.valid_to
                )
                or (
                    customers.measured_on >= lines.valid_from
                    and customers.measured_on < lines.valid_to
                )
            )
    group by customers.customer_id
)

select
    lines.source_file,
    lines.source_lines,
    customers.customer_id,
    customers.measured_on as date,
    customers.first_month as cohort_month,
    customers.segment,
    customers.plan,
    customers.region,
    customers.channel,
    customers.cohort_mrr,
    month_ends.mrr as retained_mrr,
    customers.cohort_customers,
    cast(month_ends.is_customer as integer) as retained_customers
from customers
left join intermediate.customer_month_ends as month_ends
    on
        customers.customer_id = month_ends.customer_id
        and customers.month = month_ends.month
left join lines
    on customers.customer_id = lines.customer_id
order by customers.first_month, customers.customer_id
