-- description = "A customer's month closes with what its next month opens with, and no month is missing. One row per customer and month that does not follow."
-- class = "error"
-- tested = "marts.customer_months"
-- needs = "subscriptions"
-- remedy = "See the customer in intermediate.customer_states: its states overlap or leave a gap."
with followed as (
    select
        customer_months.customer_id,
        customer_months.month,
        customer_months.opening_mrr,
        coalesce(lag(customer_months.closing_mrr) over customer_history, 0)
            as previous_closing_mrr,
        coalesce(
            cast(
                lag(customer_months.month) over customer_history
                + interval 1 month as date
            ),
            customer_months.month
        ) as expected_month
    from marts.customer_months as customer_months
    window customer_history as (
        partition by customer_months.customer_id
        order by customer_months.month asc
    )
)

select
    followed.customer_id,
    followed.month,
    followed.expected_month,
    followed.opening_mrr,
    followed.previous_closing_mrr,
    followed.opening_mrr - followed.previous_closing_mrr as gap
from followed
where
    followed.opening_mrr <> followed.previous_closing_mrr
    or followed.month <> followed.expected_month
