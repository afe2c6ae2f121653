"""Sets the closed months of a build against those of the build before it.

Every finished file carries its closed months and the restatements found so far, and a
build takes the latter over from the file it is compared with. So nothing is kept beside
the builds, and nothing is lost when old builds are pruned; a build that was killed, failed
or withdrawn is never compared with, because no later one follows it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from pipeline.folder import WarehouseFolder
from pipeline.meta import literal
from pipeline.models.model import Model
from pipeline.models.reach import upstream
from pipeline.restatement.closed_months import keep_closed_months
from pipeline.restatement.rows import datasets_read, store_changed_rows

EARLIER = "earlier"
BUILDS_KEPT = 20
# Sums of doubles may differ in their last digits from one run to the next.
SAME = "1e-9 * greatest(abs(before.value), abs(now.value))"
COVERAGE = "intermediate.domain_coverage"
CARRIED = ("restatements", "restated_rows")
OF_THIS_BUILD = "build_now = (select load_id from meta.build)"


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
                _store_causes(con, models)
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
    """Append the values that differ, of months that were closed then and are closed now."""
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
        cross join meta.build
        cross join {EARLIER}.meta.build as previous
        where month <= closed_now.last_month
        order by domain, metric, segment, month
        """
    ).fetchall()


def _store_causes(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Say what is behind this build's restatements: policies, definitions and rows of files."""
    # the contracts bring pandera along, which takes seconds
    from pipeline.contracts import DATASETS

    readers: dict[str, dict[str, date]] = {}
    for domain, until in con.execute(
        f"""
        select domain, cast(max(month) + interval 1 month as date) from meta.restatements
        where {OF_THIS_BUILD} group by domain order by domain
        """
    ).fetchall():
        con.execute(
            f"update meta.restatements set also_changed = ? where {OF_THIS_BUILD} and domain = ?",
            [_also_changed(con, models, domain), domain],
        ).fetchall()
        for dataset in datasets_read(models, domain):
            readers.setdefault(dataset, {})[domain] = until
    for dataset, domains in sorted(readers.items()):
        key, until = DATASETS[dataset].key, max(domains.values())
        store_changed_rows(con, EARLIER, dataset, key, until, list(domains))


def _also_changed(
    con: duckdb.DuckDBPyConnection, models: Sequence[Model], domain: str
) -> list[str]:
    """Policies and definitions that a domain rests on and that are not what they were."""
    behind = upstream(models, [f"metrics.{domain}"])
    texts = {model.name: model.text for model in models if model.name in behind}
    policies = con.execute(
        f"""
        select key, previous.value, policy.value
        from meta.policy join {EARLIER}.meta.policy as previous using (key)
        where previous.value <> policy.value order by key
        """
    ).fetchall()
    definitions = con.execute(
        f"""
        select name from meta.models join {EARLIER}.meta.models as previous using (name)
        where previous.sql <> models.sql order by name
        """
    ).fetchall()
    return [
        *(
            f"policy {key}: {before} → {now}"
            for key, before, now in policies
            if any(f"'{key}'" in text for text in texts.values())
        ),
        *(f"definition of {name}" for (name,) in definitions if name in texts),
    ]
