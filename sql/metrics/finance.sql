-- description = "Unit economics from the accounts (finance.csv) and the books of MRR, over the 3 or 12 months to the last complete month inside the window. One total row, and one row per period when split."
-- by = []
-- cac = { label = "CAC", unit = "money", better = "lower", numerator = "sales_marketing_expense_3m", denominator = "new_customers_3m", window = "last_3_months", definition = "Customer acquisition cost: all sales and marketing expense of 3 months divided by the new customers of these months." }
-- ltv = { label = "LTV", unit = "money", better = "higher", window = "last_12_months", definition = "Lifetime value: ARPA times gross margin, divided by the mean monthly gross MRR churn of 12 months (a ratio of sums); undefined without churn." }
-- ltv_to_cac = { label = "LTV to CAC", unit = "multiple", better = "higher", benchmark = "ltv_cac_targets", numerator = "ltv", denominator = "cac", window = "last_12_months", definition = "Lifetime value divided by customer acquisition cost." }
-- cac_payback_months = { label = "CAC payback", unit = "months", better = "lower", benchmark = "cac_payback_targets", window = "last_12_months", definition = "Months until a new customer has earned its acquisition cost: CAC divided by ASP times gross margin, ASP over the same 3 months as CAC; undefined when a customer earns nothing." }
-- gross_margin = { label = "Gross margin", unit = "ratio", better = "higher", numerator = "gross_profit_12m", denominator = "revenue_12m", window = "last_12_months", definition = "Revenue less its cost, divided by revenue." }
-- magic_number = { label = "Magic number", unit = "multiple", better = "higher", window = "last_3_months", definition = "4 times the growth of revenue over the 3 months before, divided by the sales and marketing expense of these 3 months before." }
-- burn_multiple = { label = "Burn multiple", unit = "multiple", better = "lower", window = "last_12_months", definition = "Net burn divided by net new ARR; undefined when ARR did not grow." }
-- rule_of_40 = { label = "Rule of 40", unit = "ratio", better = "higher", window = "last_12_months", definition = "Growth of revenue over the 12 months before, less net burn as a share of revenue; 0.4 is the rule." }
-- net_new_arr = { label = "Net new ARR", unit = "money", better = "higher", window = "last_12_months", definition = "12 times what MRR grew by in 12 months." }
-- sales_marketing_expense_3m = { label = "S&M expense", unit = "money", window = "last_3_months", role = "part", definition = "Sales and marketing expense of the 3 months." }
-- new_customers_3m = { label = "New customers in 3 months", unit = "count", better = "higher", window = "last_3_months", role = "part", definition = "Customers who paid for the first time in the 3 months." }
-- new_mrr_3m = { label = "New MRR in 3 months", unit = "money", better = "higher", window = "last_3_months", role = "part", definition = "What the new customers of the 3 months pay." }
-- revenue_12m = { label = "Revenue of 12 months", unit = "money", better = "higher", window = "last_12_months", role = "part", definition = "Recognised revenue of the 12 months." }
-- gross_profit_12m = { label = "Gross profit", unit = "money", better = "higher", window = "last_12_months", role = "part", definition = "Revenue less cost of revenue, of the 12 months." }
-- net_burn_12m = { label = "Net burn", unit = "money", better = "lower", window = "last_12_months", role = "part", definition = "Cash spent beyond cash received in the 12 months; negative when cash came in." }
-- opening_mrr_12m = { label = "Opening MRR, 12 months added", unit = "money", window = "last_12_months", role = "part", definition = "What each of the 12 months began with, added: the base of the mean monthly churn." }
-- lost_mrr_12m = { label = "Lost MRR of 12 months", unit = "money", better = "lower", window = "last_12_months", role = "part", definition = "Churned and contraction MRR of the 12 months." }
create or replace macro metrics.finance(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, "by" := null, plans := null) as table
-- the accounts know one company: of a part of it nothing is known
with asked as (
    select
        case when segments is null then [] else ['segments'] end
        || case when channels is null then [] else ['channels'] end
        || case when regions is null then [] else ['regions'] end
        || case when plans is null then [] else ['plans'] end
            as filters_not_applied,
        -- the last month that is over by the end of the window
        cast(
            date_trunc(
                'month', least(coalesce(until, coverage.as_of + 1),
                    coverage.as_of + 1)
            ) - interval 1 month as date
        ) as expected_month
    from intermediate.revenue_coverage as coverage
),

windows as (
    select
        periods.period_start,
        grouping(periods.period_start) = 1 as is_total,
        max(periods.month) as month,
        max(periods.last_date) + 1 < max(periods.period_end)
        and max(periods.grain) <> 'week' as is_cut
    from intermediate.month_periods as periods
    where
        periods.grain = case
            when "by" in ('week', 'quarter', 'year') then "by" else 'month'
        end
        and (since is null or periods.last_date >= since)
        and (until is null or periods.last_date < until)
    group by grouping sets ((periods.period_start), ())
    having is_total or "by" in ('week', 'month', 'quarter', 'year')
),

figures as (
    select
        cast(windows.period_start as varchar) as slice,
        windows.is_total,
        case
            when windows.is_total
                then coalesce(windows.month <> asked.expected_month, true)
            else windows.is_cut
        end as is_partial,
        cast(asked.filters_not_applied as varchar[]) as filters_not_applied,
        months.* exclude (month),
        months.revenue_12m - months.cost_of_revenue_12m as gross_profit_12m,
        months.sales_marketing_expense_3m / nullif(months.new_customers_3m, 0)
            as cac,
        gross_profit_12m / nullif(months.revenue_12m, 0) as gross_margin,
        months.new_mrr_3m / nullif(months.new_customers_3m, 0) as asp,
        months.closing_mrr / nullif(months.paying_customers, 0) as arpa,
        months.lost_mrr_12m / nullif(months.opening_mrr_12m, 0) as mrr_churn,
        12 * months.net_new_mrr_12m as net_new_arr
    from windows
    cross join asked
    left join marts.trailing_months as months
        on
            windows.month = months.month
            and len(asked.filters_not_applied) = 0
)

select
    figures.slice,
    figures.is_total,
    figures.is_partial,
    figures.filters_not_applied,
    figures.cac,
    figures.arpa * figures.gross_margin / nullif(figures.mrr_churn, 0) as ltv,
    ltv / nullif(figures.cac, 0) as ltv_to_cac,
    case when figures.asp * figures.gross_margin > 0
        then figures.cac / (figures.asp * figures.gross_margin) end
        as cac_payback_months,
    figures.gross_margin,
    4 * (figures.revenue_3m - figures.previous_revenue_3m)
    / nullif(figures.previous_sales_marketing_expense_3m, 0) as magic_number,
    case when figures.net_new_arr > 0
        then figures.net_burn_12m / figures.net_new_arr end as burn_multiple,
    figures.revenue_12m / nullif(figures.previous_revenue_12m, 0) - 1
    - figures.net_burn_12m / nullif(figures.revenue_12m, 0) as rule_of_40,
    figures.net_new_arr,
    figures.sales_marketing_expense_3m,
    cast(figures.new_customers_3m as bigint) as new_customers_3m,
    figures.new_mrr_3m,
    figures.revenue_12m,
    figures.gross_profit_12m,
    figures.net_burn_12m,
    figures.opening_mrr_12m,
    figures.lost_mrr_12m
from figures
where
    case
        when "by" is null then true
        when "by" in ('week', 'month', 'quarter', 'year') then true
        else error(
            'metrics.finance: by := ' || "by" || ' is not one of '
            || 'week, month, quarter, year: the accounts know no slices'
        )
    end
order by figures.is_total, figures.slice;
