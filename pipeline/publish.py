"""Publishes a build whole, or not at all.

A build is written under a name that nobody reads, sealed, and served by swapping
one link with one atomic rename. Readers that hold the old file keep it; a kill at
any moment leaves the old link.
"""

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from pipeline.disk import synchronised
from pipeline.errors import EnvironmentProblem, UsageError
from pipeline.folder import LINK, WarehouseFolder
from pipeline.history.settle import settle

# Analysts' clients are older than ours: this is the newest format DuckDB 1.4 reads.
STORAGE_VERSION = "v1.4.0"
ALIAS = "revops"
READ_ONLY = 0o444
KEPT_BUILDS = 5
READERS = 2


def open_unfinished(folder: WarehouseFolder, load_id: str) -> duckdb.DuckDBPyConnection:
    """A connection whose current database is the new, empty file of this build."""
    path = folder.unfinished(load_id)
    con = duckdb.connect(config={"temp_directory": f"{path}.spill"})
    con.execute(f"attach '{_escaped(path)}' as {ALIAS} (storage_version '{STORAGE_VERSION}')")
    con.execute(f"use {ALIAS}")
    return con


def seal(con: duckdb.DuckDBPyConnection, folder: WarehouseFolder, load_id: str) -> None:
    """Close the file so that it is complete in itself, prove it, and put it on disk for good.

    Raises EnvironmentProblem when what was written does not read back.
    """
    path = folder.unfinished(load_id)
    con.execute(f"checkpoint {ALIAS}")
    con.execute("use memory")
    con.execute(f"detach {ALIAS}")
    con.close()
    if Path(f"{path}.wal").exists():
        raise _unreadable(path, "a write-ahead log is left beside it")
    verify(path, load_id)
    path.chmod(READ_ONLY)
    synchronised(path)


def verify(path: Path, load_id: str) -> None:
    """Open a finished file as a reader would: its build, every table, every view.

    Raises EnvironmentProblem naming what does not read back.
    """
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            found = con.execute("select load_id from meta.build").fetchall()
            if found != [(load_id,)]:
                raise _unreadable(path, f"it says it is build {found}")
            readings = con.execute(
                "select 'select count(*) from ' || schema_name || '.' || table_name"
                " from duckdb_tables() union all"
                " select 'describe ' || schema_name || '.' || view_name"
                " from duckdb_views() where not internal"
            ).fetchall()
            with ThreadPoolExecutor(READERS) as pool:
                # a share of the readings each; an error of any of them is raised here
                list(pool.map(lambda first: _read(con, readings[first::READERS]), range(READERS)))
    except duckdb.Error as error:
        raise _unreadable(path, str(error)) from error


def _read(con: duckdb.DuckDBPyConnection, statements: Sequence[tuple[str]]) -> None:
    with con.cursor() as cursor:
        for (statement,) in statements:
            cursor.execute(statement).fetchall()


def serve(folder: WarehouseFolder, load_id: str) -> None:
    """Swap the link to a complete build with one rename."""
    fresh = folder.root / f".{LINK}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder.file(load_id).relative_to(folder.root))
    fresh.replace(folder.link)
    synchronised(folder.root)


def publish(folder: WarehouseFolder, load_id: str, keep: int = KEPT_BUILDS) -> None:
    """Name the sealed file as complete, serve it, and let go of builds beyond the last `keep`."""
    folder.unfinished(load_id).rename(folder.file(load_id))
    synchronised(folder.builds)
    serve(folder, load_id)
    prune(folder, keep)


def prune(folder: WarehouseFolder, keep: int) -> None:
    """Delete all but the newest `keep` builds; the served one always stays."""
    newest_first = folder.load_ids()[::-1]
    for load_id in newest_first[keep:]:
        if load_id != folder.served():
            _discard(folder.file(load_id))
            _discard(Path(f"{folder.file(load_id)}.wal"))
            folder.reinstate(load_id)


def clear_leftovers(folder: WarehouseFolder) -> int:
    """Delete what killed builds left behind; returns how many things. Needs the lock."""
    leftovers = list(folder.leftovers())
    for path in leftovers:
        _discard(path)
    return len(leftovers)


def rollback(folder: WarehouseFolder, load_id: str | None) -> tuple[str, str | None]:
    """Serve an older build; returns it and the one served before. Needs the lock.

    Without `load_id`, the newest build before the served one that no rollback has
    stepped back from. Builds later than the one served now are marked withdrawn, and so is
    what they appended to the history.
    Raises UsageError for a build that is not there, naming those that are.
    """
    served, known = folder.served(), folder.load_ids()
    target = load_id or _previous(folder, served)
    if target not in known:
        raise UsageError(
            f"There is no build {target}",
            str(folder.builds),
            "Known builds: " + (", ".join(known) or "none"),
        )
    verify(folder.file(target), target)
    settle(folder)
    for build in known:
        if build > target:
            folder.withdraw(build)
    folder.reinstate(target)
    serve(folder, target)
    settle(folder)
    return target, served


def _previous(folder: WarehouseFolder, served: str | None) -> str:
    withdrawn = folder.withdrawn()
    older = [
        build
        for build in folder.load_ids()
        if (served is None or build < served) and build not in withdrawn
    ]
    if not older:
        raise UsageError(
            "There is no earlier build to go back to",
            str(folder.builds),
            "`python -m pipeline status` lists the builds.",
        )
    return older[-1]


def _discard(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _unreadable(path: Path, why: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"The finished file does not read back: {why}",
        str(path),
        "Check the disk and build again; the warehouse served before is untouched.",
    )
