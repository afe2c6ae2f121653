-- description = "The days whose deals the ledger knows, as known today or on an earlier day. One row."
-- columns.first_date = "First day covered; empty when nothing is known"
-- columns.last_date = "Last day covered; empty when nothing is known"
create or replace macro reports.ledger_coverage(known_on := cast(null as date)) as table
select
    min(days.as_of) as first_date,
    max(days.as_of) as last_date
from intermediate.ledger_days as days
where days.version = (
    select max(heard.version)
    from intermediate.ledger_days as heard
    where known_on is null or heard.version <= known_on
)
