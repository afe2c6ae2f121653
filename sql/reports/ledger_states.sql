-- description = "Deals as spans of unchanged state, as known today or on an earlier day. One row per deal and span."
-- columns.valid_from = "First day the state describes"
-- columns.valid_to = "First day it no longer describes; 9999-12-31 while it is current"
create or replace macro reports.ledger_states(known_on) as table
-- one of the two is empty, and the optimiser never reads it
select * from marts.deal_states
where known_on is null
union all by name
select * from reports.deal_states_known_on(known_on)
where known_on is not null
