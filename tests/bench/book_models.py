"""What a build does with loaded books: the models of one kind, and their checks."""

import sys
from pathlib import Path

import duckdb

from pipeline.checks import run_checks
from tests.support.worlds import SQL, needed, run_wanted

# A check belongs to the books whose first table it reads, directly or not.
KINDS = {
    "revenue": "marts.customer_months",
    "pipeline": "marts.deal_states",
}
REPORTS = {
    "revenue": ("metrics.revenue", "reports.mrr_waterfall", "reports.retention_cohorts"),
    "pipeline": ("reports.pipeline_waterfall",),
}
ASKED = {"revenue": "select count(*) from reports.retention_cohorts()", "pipeline": "select 1"}


def main(kind: str, source: Path) -> None:
    """Build into the file, judge the checks, ask for the cohorts; raise when a check fails."""
    con = duckdb.connect(str(source))
    con.execute("set threads = 2")
    con.execute("set memory_limit = '1500MB'")
    checks = checks_of(kind) if kind == "revenue" else ()
    models = run_wanted(con, (*REPORTS[kind], *checks))
    for result in run_checks(con, models):
        if result.blocks:
            raise RuntimeError(f"{result.name} failed: {result.rows_failed} rows")
    con.execute(ASKED[kind]).fetchall()
    con.close()


def checks_of(kind: str) -> tuple[str, ...]:
    """The names of the checks that read the books of one kind."""
    names = (f"checks.{path.stem}" for path in sorted((SQL / "checks").glob("*.sql")))
    return tuple(
        name for name in names if any(model.name == KINDS[kind] for model in needed((name,)))
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
