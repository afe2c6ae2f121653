"""Stores what the rules say of a build, before anybody can read it."""

import duckdb

from pipeline.meta import insert

FAILED = "the_insight_rules_failed"
ONE_FAILED = "an_insight_rule_failed"


def store_insights(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `meta.insights`; what goes wrong is a warning, because the books hold without it.

    A rule that fails costs its own insight; anything else that fails costs all of them.
    """
    failures: list[str] = []
    try:
        # the rules bring the readers along, which a build that changed nothing does not need
        from revops.insights import stored
        from revops.insights.question import told

        rows = stored.rows(
            con, lambda rule, error: failures.append(f"{rule.__name__}: {told(error)}")
        )
    except Exception as error:  # noqa: BLE001 - whatever a rule does, the books are published
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        said = f"The insight rules failed and stored nothing: {what}"
        insert(con, "meta.warnings", [["insights", FAILED, said, 1, None]])
        return
    if failures:
        said = f"Insight rules that failed, the others stand: {'; '.join(failures)}"
        insert(con, "meta.warnings", [["insights", ONE_FAILED, said, len(failures), None]])
    for row in rows:
        # one by one: lists that are empty here and filled there have no common type
        insert(con, "meta.insights", [row])
