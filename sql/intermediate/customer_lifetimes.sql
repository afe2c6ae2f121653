-- description = "When each customer first paid and first left, by the month ends. One row per customer."
-- columns.first_paid_month = "First month at whose end the customer paid: the month of its 'new' movement and its cohort"
-- columns.first_customer_month = "First month in which the customer counted as one (policies trials_are_customers, logos_joined_and_left_count)"
-- columns.first_lost_month = "First month at whose end the customer no longer counted as one"
with firsts as (
    select
        month_ends.customer_id,
        -- who paid before the first month paid before
        min(
            case
                when month_ends.mrr > 0 or month_ends.previous_mrr > 0
                    then month_ends.month
            end
        ) as first_paid_month,
        min(
            case
                when
                    month_ends.is_customer
                    or month_ends.previous_is_customer
                    or (
                        policies.joined_and_left_count
                        and month_ends.has_short_stay
                    )
                    -- one snapshot shows a customer who left at 0 only
                    or (
                        coverage.mrr_source = 'one_snapshot'
                        and attributes.is_churned
                    )
                    then month_ends.month
            end
        ) as first_customer_month
    from intermediate.customer_month_ends as month_ends
    inner join intermediate.customer_attributes as attributes
        on month_ends.customer_id = attributes.customer_id
    cross join intermediate.revenue_policies as policies
    cross join intermediate.revenue_coverage as coverage
    group by month_ends.customer_id
),

losses as (
    select
        firsts.customer_id,
        min(month_ends.month) as first_lost_month
    from firsts
    inner join intermediate.customer_month_ends as month_ends
        on
            firsts.customer_id = month_ends.customer_id
            and firsts.first_customer_month <= month_ends.month
    where not month_ends.is_customer
    group by firsts.customer_id
)

select
    firsts.customer_id,
    firsts.first_paid_month,
    firsts.first_customer_month,
    losses.first_lost_month
from firsts
left join losses on firsts.customer_id = losses.customer_id
