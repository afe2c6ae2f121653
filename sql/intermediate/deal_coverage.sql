-- description = "The days whose deals the ledger knows. One row."
-- columns.first_date = "First day covered; empty when nothing is known"
-- columns.last_date = "Last day covered; empty when nothing is known"

select
    min(days.as_of) as first_date,
    max(days.as_of) as last_date
from intermediate.ledger_days as days
where days.version = (
    select max(newest.version) from intermediate.ledger_days as newest
)
