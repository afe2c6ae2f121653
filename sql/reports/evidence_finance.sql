-- description = "The months of the accounts and the customers behind unit economics, and what each adds; a column's sum is the figure or part of that name. One row per month of finance.csv, and per customer and month of the books."
-- columns.source_file = "Input file the row stands in"
-- columns.source_lines = "Line of that file, or its lines"
-- columns.record = "What the row is"

create or replace macro reports.evidence_finance(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, plans := null) as table
-- the accounts know one company: of a part of it nothing is known
with asked as (
    select max(periods.month) as month
    from intermediate.month_periods as periods
    where
        periods.grain = 'month'
        and (since is null or periods.last_date >= since)
        and (until is null or periods.last_date < until)
        and segments is null
        and channels is null
        and regions is null
        and plans is null
),

accounts as (
    select
        finance.*,
        date_diff('month', finance.month, asked.month) as months_ago
    from staging.finance as finance
    cross join asked
    where months_ago between 0 and 23
),

-- a window counts only when finance.csv has each of its months
whole as (
    select
        count_if(accounts.months_ago < 3) = 3 as has_3m,
        count_if(accounts.months_ago between 3 and 5) = 3 as has_previous_3m,
        count_if(accounts.months_ago < 12) = 12 as has_12m,
        count_if(accounts.months_ago >= 12) = 12 as has_previous_12m
    from accounts
),

accounted as (
    select
        accounts._file as source_file,
        cast(accounts._line as varchar) as source_lines,
        'Accounts of ' || strftime(accounts.month, '%b %Y') as record,
        accounts.month as date,
        accounts.months_ago < 3 and whole.has_3m as is_3m,
        accounts.months_ago between 3 and 5 and whole.has_previous_3m
            as is_previous_3m,
        accounts.months_ago < 12 and whole.has_12m as is_12m,
        case when is_3m then accounts.sales_marketing_expense end
            as sales_marketing_expense_3m,
        case when is_previous_3m then accounts.sales_marketing_expense end
            as previous_sales_marketing_expense_3m,
        case when is_3m then accounts.revenue end as revenue_3m,
        case when is_previous_3m then accounts.revenue end
            as previous_revenue_3m,
        case when is_12m then accounts.revenue end as revenue_12m,
        case
            when accounts.months_ago >= 12 and whole.has_previous_12m
                then accounts.revenue
        end as previous_revenue_12m,
        case when is_12m then accounts.revenue - accounts.cost_of_revenue end
            as gross_profit_12m,
        case when is_12m then accounts.net_burn end as net_burn_12m
    from accounts
    cross join whole
),

months as (
    select
        books.customer_id,
        books.month,
        books.measured_on,
        date_diff('month', books.month, asked.month) as months_ago,
        books.opening_mrr,
        books.closing_mrr,
        books.movement,
        books.is_customer,
        -- from one snapshot no movement is known
        coverage.nothing is not null as has_history
    from marts.customer_months as books
    cross join asked
    cross join intermediate.revenue_coverage as coverage
    where months_ago between 0 and 12
    union all
    select
        departures.customer_id,
        departures.month,
        departures.measured_on,
        date_diff('month', departures.month, asked.month),
        departures.departed_mrr,
        null,
        null,
        false,
        true
    from intermediate.departures as departures
    cross join asked
    where date_diff('month', departures.month, asked.month) between 0 and 11
),

booked as (
    select
        months.customer_id,
        months.measured_on as date,
        'Books of ' || months.customer_id as record,
        cast(months.month - interval 1 day as date) as first_day,
        months.has_history and months.months_ago < 12 as is_12m,
        months.movement = 'new' and months.months_ago < 3 as is_new_3m,
        case when is_new_3m then 1 end as new_customers_3m,
        case when is_new_3m then months.closing_mrr end as new_mrr_3m,
        case
            when months.months_ago = 0 and months.closing_mrr > 0
                then months.closing_mrr
        end as closing_mrr,
        case when months.months_ago = 0 and months.is_customer then 1 end
            as paying_customers,
        case when is_12m then nullif(months.opening_mrr, 0) end
            as opening_mrr_12m,
        case
            when is_12m and months.movement in ('churn', 'contraction')
                then months.opening_mrr - months.closing_mrr
        end as lost_mrr_12m,
        nullif(case
            when not months.has_history then null
            when months.months_ago = 0 then 12 * months.closing_mrr
            when months.months_ago = 12 then -12 * months.closing_mrr
        end, 0) as net_new_arr
    from months
),

lines as (
    select
        booked.customer_id,
        booked.date,
        min(lines._file) as source_file,
        string_agg(cast(lines._line as varchar), ', ' order by lines._line)
            as source_lines
    from booked
    inner join reports.customer_lines as lines
        on
            booked.customer_id = lines.customer_id
            and booked.date >= lines.valid_from
            and booked.first_day < lines.valid_to
    group by booked.customer_id, booked.date
)

select accounted.* exclude (is_3m, is_previous_3m, is_12m)
from accounted
union all by name
select
    lines.source_file,
    lines.source_lines,
    booked.* exclude (first_day, is_12m, is_new_3m)
from booked
left join lines
    on booked.customer_id = lines.customer_id and booked.date = lines.date
order by date, record
