-- description = "The whole company's figures over the 3 and 12 months that end with a month, empty unless finance.csv has every one of them. One row per complete month that finance.csv has."
-- columns.sales_marketing_expense_3m = "Sales and marketing expense of the last 3 months"
-- columns.previous_sales_marketing_expense_3m = "Sales and marketing expense of the 3 months before these"
-- columns.revenue_3m = "Recognised revenue of the last 3 months"
-- columns.previous_revenue_3m = "Recognised revenue of the 3 months before these"
-- columns.revenue_12m = "Recognised revenue of the last 12 months"
-- columns.previous_revenue_12m = "Recognised revenue of the 12 months before these"
-- columns.cost_of_revenue_12m = "Cost of revenue of the last 12 months"
-- columns.net_burn_12m = "Net burn of the last 12 months"
-- columns.new_mrr_3m = "New MRR of the last 3 months"
-- columns.new_customers_3m = "New customers of the last 3 months"
-- columns.opening_mrr_12m = "What each of the last 12 months began with, added"
-- columns.lost_mrr_12m = "Churned and contraction MRR of the last 12 months"
-- columns.net_new_mrr_12m = "MRR at the month's end less MRR 12 months before"
with added as (
    select
        months.*,
        count_if(months.is_in_accounts) over three_months as known_3m,
        count_if(months.is_in_accounts) over twelve_months as known_12m,
        sum(months.sales_marketing_expense) over three_months as expense_3m,
        sum(months.revenue) over three_months as sum_3m,
        sum(months.revenue) over twelve_months as sum_12m,
        sum(months.cost_of_revenue) over twelve_months as cost_12m,
        sum(months.net_burn) over twelve_months as burn_12m,
        sum(months.new_mrr) over three_months as new_mrr_3m,
        sum(months.new_customers) over three_months as new_customers_3m,
        sum(months.opening_mrr) over twelve_months as opening_mrr_12m,
        sum(months.lost_mrr) over twelve_months as lost_mrr_12m,
        months.closing_mrr
        - coalesce(
            lag(months.closing_mrr, 12) over (order by months.month),
            coverage.nothing
        ) as net_new_mrr_12m
    from marts.company_months as months
    cross join intermediate.revenue_coverage as coverage
    window
        three_months as (
            order by months.month rows between 2 preceding and current row
        ),
        twelve_months as (
            order by months.month rows between 11 preceding and current row
        )
),

whole as (
    select
        added.*,
        case when added.known_3m = 3 then added.expense_3m end
            as sales_marketing_expense_3m,
        case when added.known_3m = 3 then added.sum_3m end as revenue_3m,
        case when added.known_12m = 12 then added.sum_12m end
            as revenue_12m,
        case when added.known_12m = 12 then added.cost_12m end
            as cost_of_revenue_12m,
        case when added.known_12m = 12 then added.burn_12m end
            as net_burn_12m
    from added
),

beside as (
    select
        whole.*,
        lag(whole.sales_marketing_expense_3m, 3) over (order by whole.month)
            as previous_sales_marketing_expense_3m,
        lag(whole.revenue_3m, 3) over (order by whole.month)
            as previous_revenue_3m,
        lag(whole.revenue_12m, 12) over (order by whole.month)
            as previous_revenue_12m
    from whole
)

select
    beside.month,
    beside.closing_mrr,
    beside.paying_customers,
    beside.sales_marketing_expense_3m,
    beside.previous_sales_marketing_expense_3m,
    beside.revenue_3m,
    beside.previous_revenue_3m,
    beside.revenue_12m,
    beside.previous_revenue_12m,
    beside.cost_of_revenue_12m,
    beside.net_burn_12m,
    beside.new_mrr_3m,
    beside.new_customers_3m,
    beside.opening_mrr_12m,
    beside.lost_mrr_12m,
    beside.net_new_mrr_12m
from beside
where beside.is_in_accounts
