-- description = "Trailing sums of the accounts are those of their own 3 and 12 months, or empty where one of these is missing; new customers are those of the books. One row per month for which it is not so."
-- class = "error"
-- tested = "marts.trailing_months"
-- needs = "finance"
-- remedy = "See marts.company_months for the months that are added."
with months as (
    select
        ends.month,
        count_if(finance.month > ends.month - interval 3 month) as months_3,
        count(*) as months_12,
        sum(finance.sales_marketing_expense) filter (
            finance.month > ends.month - interval 3 month
        ) as expense,
        sum(finance.revenue) as revenue,
        sum(finance.net_burn) as net_burn
    from marts.trailing_months as ends
    inner join staging.finance as finance
        on
            ends.month >= finance.month
            and finance.month > ends.month - interval 12 month
    group by ends.month
),

newcomers as (
    select
        ends.month,
        count(*) as customers
    from marts.trailing_months as ends
    inner join marts.mrr_movements as movements
        on
            ends.month >= movements.month
            and movements.month > ends.month - interval 3 month
            and movements.movement = 'new'
            and not movements.is_supplied
    group by ends.month
),

compared as (
    select
        trailing_months.month,
        coalesce(trailing_months.revenue_12m, 0)
        - case when months.months_12 = 12 then months.revenue else 0 end as gap,
        coalesce(trailing_months.net_burn_12m, 0)
        - case when months.months_12 = 12 then months.net_burn else 0 end
            as burn_gap,
        coalesce(trailing_months.sales_marketing_expense_3m, 0)
        - case when months.months_3 = 3 then months.expense else 0 end
            as expense_gap,
        coalesce(trailing_months.new_customers_3m, 0)
        - coalesce(newcomers.customers, 0) as customers_gap
    from marts.trailing_months
    inner join months on trailing_months.month = months.month
    left join newcomers on trailing_months.month = newcomers.month
)

select compared.*
from compared
where
    compared.gap <> 0
    or compared.burn_gap <> 0
    or compared.expense_gap <> 0
    or compared.customers_gap <> 0
