"""Sets the closed months of a build against those of the build before it.

Every finished file carries its closed months and the restatements found so far, and a
build takes the latter over from the file it is compared with. So nothing is kept beside
the builds, and nothing is lost when old builds are pruned; a build that was killed, failed
or withdrawn is never compared with, because no later one follows it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.folder import WarehouseFolder
from pipeline.meta import literal
from pipeline.models.model import Model
from pipeline.restatement.causes import store_causes
from pipeline.restatement.closed_months import keep_closed_months

EARLIER = "earlier"
BUILDS_KEPT = 20
# Sums of doubles may differ in their last digits from one run to the next.
SAME = "1e-9 * greatest(abs(before.value), abs(now.value))"
COVERAGE = "intermediate.domain_coverage"
CARRIED = ("restatements", "restated_rows")


def restate(
    con: duckdb.DuckDBPyConnection, folder: WarehouseFolder, models: Sequence[Model]
) -> None:
    """Fill meta.closed_months, meta.restatements and meta.restated_rows of the current database.

    Compares with the newest build that was published before, in the same book, and not
    withdrawn; without one there is nothing to compare, which is no error.
    """
    if COVERAGE not in {model.name for model in models}:
        # nothing says which months are over
        return
    keep_closed_months(con)
    for path in _published(folder):
        with _attached(con, path) as is_comparable:
            if is_comparable:
                _carry_forward(con)
                _store_changed_values(con)
                store_causes(con, EARLIER, models)
                return


def _published(folder: WarehouseFolder) -> Iterator[Path]:
    """The builds that may be followed, newest first."""
    served, withdrawn = folder.served() or "", folder.withdrawn()
    for load_id in reversed(folder.load_ids()):
        if load_id <= served and load_id not in withdrawn:
            yield folder.file(load_id)


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[bool]:
    """The file as the database EARLIER; False when it is damaged, older or of another book."""
    try:
        con.execute(f"attach {literal(str(path))} as {EARLIER} (read_only)")
    except duckdb.Error:
        # `status` says what is wrong with it; a build does not depend on the one before
        yield False
        return
    try:
        yield _is_comparable(con)
    finally:
        con.execute(f"detach {EARLIER}")


def _is_comparable(con: duckdb.DuckDBPyConnection) -> bool:
    tables = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'meta'",
        [EARLIER],
    ).fetchall()
    if not {("closed_months",), *((name,) for name in CARRIED)} <= set(tables):
        return False
    [(is_same,)] = con.execute(
        "select previous.book = build.book"
        f" from meta.build cross join {EARLIER}.meta.build as previous"
    ).fetchall()
    return bool(is_same)


def _carry_forward(con: duckdb.DuckDBPyConnection) -> None:
    """Take over what earlier builds restated, of the latest builds that restated anything."""
    for table in CARRIED:
        con.execute(
            f"""
            insert into meta.{table} by name
            select * from {EARLIER}.meta.{table}
            where build_now in (
                select distinct build_now from {EARLIER}.meta.restatements
                order by build_now desc limit {BUILDS_KEPT}
            )
            """
        ).fetchall()


def _store_changed_values(con: duckdb.DuckDBPyConnection) -> None:
    """Append the values that differ, of months that were closed then and are closed now.

    A stock that no ledger keeps is known on the as-of date only: that the next build
    does not know it any more changes nothing that was said of the past.
    """
    con.execute(
        f"""
        insert into meta.restatements
        with paired as (
            select
                coalesce(now.domain, before.domain) as domain,
                coalesce(now.metric, before.metric) as metric,
                coalesce(now.segment, before.segment) as segment,
                coalesce(now.month, before.month) as month,
                before.value as value_before,
                now.value as value_now
            from {EARLIER}.meta.closed_months as before
            full join meta.closed_months as now
                on before.domain = now.domain
                and before.metric = now.metric
                and before.segment is not distinct from now.segment
                and before.month = now.month
            where
                before.value is distinct from now.value
                and coalesce(abs(before.value - now.value) > {SAME}, true)
        ),
        closed_then as (
            select distinct domain, metric, month from {EARLIER}.meta.closed_months
        ),
        closed_now as (
            select domain, metric, max(month) as last_month from meta.closed_months group by all
        )
        select
            previous.load_id, build.load_id, previous.as_of, build.as_of,
            domain, metric, segment, month, value_before, value_now, []
        from paired
        join closed_then using (domain, metric, month)
        join closed_now using (domain, metric)
        join meta.metrics using (domain, metric)
        cross join meta.build
        cross join {EARLIER}.meta.build as previous
        where
            month <= closed_now.last_month
            and not (
                value_now is null
                and metrics.time_window = 'stock'
                and month = date_trunc('month', previous.as_of)
            )
        order by domain, metric, segment, month
        """
    ).fetchall()
