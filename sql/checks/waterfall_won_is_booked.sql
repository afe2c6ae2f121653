-- description = "What the pipeline waterfall of a month shows as won is what was booked in it: deals closed in the month, and deals due in it whose win was recorded later. One row per month and deal on which they differ."
-- class = "error"
-- tested = "reports.ledger_months"
-- remedy = "Compare the deal in reports.pipeline_movements with its close date in marts.deal_states."

with shown as (
    select
        months.period_start,
        movements.deal_id,
        -movements.amount as amount
    from reports.ledger_months as months
    cross join
        lateral reports.pipeline_movements(
            months.started_on, months.measured_on,
            months.period_start, months.period_end
        ) as movements
    where movements.bucket = 'won'
),

booked as (
    select
        months.period_start,
        states.deal_id,
        coalesce(states.amount, 0) as amount
    from reports.ledger_months as months
    inner join marts.deal_states as states
        on
            months.measured_on >= states.valid_from
            and months.measured_on < states.valid_to
    left join marts.deal_states as before
        on
            states.deal_id = before.deal_id
            and months.started_on >= before.valid_from
            and months.started_on < before.valid_to
    where
        states.status = 'won'
        and (
            (
                states.closed_on >= months.period_start
                and states.closed_on < months.period_end
                -- won already, dated ahead: booked when it was recorded
                and (
                    before.status is distinct from 'won'
                    or before.closed_on is distinct from states.closed_on
                )
            )
            or (
                before.status = 'open'
                and before.expected_close >= months.period_start
                and before.expected_close < months.period_end
            )
        )
)

select
    coalesce(shown.period_start, booked.period_start) as period_start,
    coalesce(shown.deal_id, booked.deal_id) as deal_id,
    shown.amount as waterfall_amount,
    booked.amount as booked_amount,
    coalesce(shown.amount, 0) - coalesce(booked.amount, 0) as gap
from shown
full join booked
    on
        shown.period_start = booked.period_start
        and shown.deal_id = booked.deal_id
where shown.amount is distinct from booked.amount
