-- description = "In each month of the ledger every deal due in it balances: what it opens with and what moves is what it closes with. One row per month and deal that does not."
-- class = "error"
-- tested = "reports.ledger_months"
-- remedy = "A movement is missing or counted twice: see the deal in reports.pipeline_movements."

select
    months.period_start,
    movements.deal_id,
    sum(movements.amount) filter (where movements.bucket = 'opening')
        as opening,
    sum(movements.amount) filter (where movements.bucket = 'closing')
        as closing,
    sum(
        case when movements.bucket = 'closing' then -1 else 1 end
        * movements.amount
    ) as gap
from reports.ledger_months as months
cross join
    lateral reports.pipeline_movements(
        months.started_on, months.measured_on,
        months.period_start, months.period_end
    ) as movements
group by months.period_start, movements.deal_id
having
    sum(
        case when movements.bucket = 'closing' then -1 else 1 end
        * movements.amount
    ) <> 0
    or count(*) > 3
