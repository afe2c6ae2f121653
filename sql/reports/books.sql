-- description = "The books: every check of the build and how it came out, what failed first. One row per check."
-- columns.name = "Name of the check; the view checks.<name> returns the rows that break it"
-- columns.class = "error: a failure blocks publishing; warning: doubtful, but not wrong"
-- columns.status = "passed, failed or not applicable: nothing to test never counts as passed"
-- columns.share_failed = "Rows that break the rule as a share of the rows tested; a row may break it more than once"
-- columns.note = "What to do about a failure, or why there was nothing to test"

select
    checks.name,
    checks.class,
    checks.status,
    checks.rows_tested,
    checks.rows_failed,
    checks.rows_failed / nullif(checks.rows_tested, 0) as share_failed,
    checks.largest_gap,
    checks.description,
    checks.reason as note
from meta.checks
order by
    list_position(['failed', 'passed', 'not applicable'], checks.status),
    checks.class,
    checks.rows_failed desc,
    checks.name
