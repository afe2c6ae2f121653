"""The last twelve months of the accounts, and what a customer cost and is worth in them."""

# Twelve months, so that a quiet December is not taken for a dear customer.
YEAR = """with months as (
    select
        cast(months.sales_marketing_expense as double) as expense,
        cast(months.new_mrr as double) as new_mrr,
        cast(months.revenue as double) as revenue,
        cast(months.revenue - months.cost_of_revenue as double) as margin,
        cast(months.lost_mrr as double) as lost_mrr,
        cast(months.opening_mrr as double) as opening_mrr,
        cast(months.new_customers as double) as new_customers,
        cast(months.paying_customers as double) as paying,
        cast(months.closing_mrr as double) as closing_mrr
    from marts.company_months as months
    where months.is_in_accounts and months.month < $this_month
    order by months.month desc
    limit 12
)

"""
EACH = "select * from months"
PAYBACK = """select
    sum(expense) / nullif(sum(new_mrr), 0) / (sum(margin) / nullif(sum(revenue), 0)) as value,
    $target as baseline,
    cast(sum(new_customers) as bigint) as n
from months"""
BEYOND = """select
    (sum(expense) - $target * sum(new_mrr) * sum(margin) / nullif(sum(revenue), 0)) / 12 as value
from months"""
LIFETIME = """select
    sum(closing_mrr) / nullif(sum(paying), 0) * (sum(margin) / nullif(sum(revenue), 0))
        / (sum(lost_mrr) / nullif(sum(opening_mrr), 0))
        / (sum(expense) / nullif(sum(new_customers), 0)) as value,
    $target as baseline,
    cast(sum(new_customers) as bigint) as n
from months"""
SHORT = """select
    (sum(expense) - sum(new_customers) / $target
        * sum(closing_mrr) / nullif(sum(paying), 0) * (sum(margin) / nullif(sum(revenue), 0))
        / (sum(lost_mrr) / nullif(sum(opening_mrr), 0))) / 12 as value
from months"""
NAMES = ("expense", "new_mrr", "revenue", "margin", "lost_mrr", "opening_mrr", "new_customers",
         "paying", "closing_mrr")  # fmt: skip
