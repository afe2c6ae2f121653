-- description = "The money in each file, summed from its raw text by a separate reading, is loaded or withheld, to the cent."
-- class = "error"
-- tested = "select count(*) from meta.loads where amount_read is not null"
-- remedy = "Compare the file with raw and quarantine.rows; cells that only one of the two readings understands are the usual cause."

select
    loads.dataset,
    loads.file,
    loads.amount_read,
    loads.amount_loaded,
    loads.amount_withheld,
    loads.amount_unreadable_cells,
    loads.amount_read - loads.amount_loaded - loads.amount_withheld as gap
from meta.loads
where
    loads.amount_read is not null
    -- an unknown term proves nothing, so it breaks the rule
    and coalesce(
        abs(loads.amount_read - loads.amount_loaded - loads.amount_withheld)
        >= 0.005,
        true
    )
