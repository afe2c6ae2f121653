"""How a warehouse file is found, opened and recognised."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import duckdb

from revops.errors import (
    NotAWarehouse,
    WarehouseDamaged,
    WarehouseError,
    WarehouseLocked,
    WarehouseNotFound,
    WarehouseTooOld,
)

BUILD_TABLE = "meta.build"


@dataclass(frozen=True)
class BuildInfo:
    """One build: `as_of` is the day its numbers describe, `built_at` when it was made.

    `mrr_source` says whether MRR history is known: "subscriptions", "snapshots", "one_snapshot".
    `versions` names the pipeline and the libraries that made it.
    """

    load_id: str
    as_of: date
    as_of_source: str
    built_at: datetime
    inputs_digest: str
    currency: str
    book: str
    mrr_source: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Identity:
    """Which file a path leads to, down to the bytes on disk."""

    file: Path
    text: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """Follow links; raises WarehouseNotFound, saying which kind of nothing is there."""
        try:
            file = path.resolve(strict=True)
            state = file.stat()
        except (OSError, RuntimeError, ValueError):
            raise _not_found(path) from None
        if file.is_dir():
            raise NotAWarehouse(
                "The path is a folder, not a warehouse file.",
                str(path),
                "Name the file inside it, such as warehouse/revops.duckdb.",
            )
        marks = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
        return cls(file, f"{file}:" + ":".join(str(mark) for mark in marks))


def settings(memory_limit: str, threads: int | None) -> dict[str, Any]:
    """What every connection is opened with; locked, so that no statement can undo it."""
    return {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "python_enable_replacements": "false",
        "memory_limit": memory_limit,
        "threads": threads or os.cpu_count() or 1,
    }


def connect(file: Path, hardened: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open read only. Raises the error that tells a reader what stands in the way."""
    try:
        return duckdb.connect(str(file), read_only=True, config=dict(hardened))
    except duckdb.Error as error:
        raise _refusal(file, str(error)) from None


def read_build(connection: duckdb.DuckDBPyConnection, file: Path) -> BuildInfo:
    """The one row that says what was built; its absence says this is no warehouse."""
    try:
        relation = connection.sql(f"select * from {BUILD_TABLE}")
        columns, rows = relation.columns, relation.fetchall()
    except duckdb.CatalogException:
        raise NotAWarehouse(
            "This DuckDB file is not a warehouse: it has no meta.build.",
            str(file),
            "Open the file that `make pipeline` published: warehouse/revops.duckdb.",
        ) from None
    except duckdb.Error as error:
        raise _refusal(file, str(error)) from None
    if len(rows) != 1:
        raise NotAWarehouse(
            f"meta.build should hold one row and holds {len(rows)}.",
            str(file),
            "Run make pipeline again.",
        )
    return _build_info(dict(zip(columns, rows[0], strict=True)), file)


def _build_info(row: dict[str, Any], file: Path) -> BuildInfo:
    versions = {
        name.removesuffix("_version"): str(row.pop(name))
        for name in list(row)
        if name.endswith("_version")
    }
    wanted = [name for name in BuildInfo.__dataclass_fields__ if name != "versions"]
    missing = [name for name in wanted if name not in row]
    if missing:
        raise WarehouseTooOld(
            f"The file was built by pipeline {versions.get('pipeline', 'of an unknown version')}, "
            f"which did not record {', '.join(missing)}.",
            str(file),
            "Run make pipeline to build it anew.",
        )
    return BuildInfo(**{name: row[name] for name in wanted}, versions=versions)


def _not_found(path: Path) -> WarehouseNotFound:
    if path.is_symlink():
        return WarehouseNotFound(
            "The pointer leads to a build that is gone.",
            f"{path} -> {path.readlink()}",
            "Run make pipeline.",
        )
    return WarehouseNotFound(
        "There is no warehouse here yet.",
        str(path),
        "Run make pipeline, or give the path of a warehouse file.",
    )


def _refusal(file: Path, said: str) -> WarehouseError:
    where = str(file)
    if "Conflicting lock" in said:
        holder = said.split("Conflicting lock is held in ", 1)[-1].split(". See also", 1)[0]
        return WarehouseLocked(
            "Another process has the warehouse open for writing.",
            f"{where}, held by {holder}",
            "Close it there, or open it there read only (duckdb -readonly).",
        )
    if "not a valid DuckDB" in said or "in-memory database in read-only mode" in said:
        return NotAWarehouse("This is not a DuckDB file.", where, "Run make pipeline.")
    if "different configuration" in said:
        return WarehouseLocked(
            "This program already has the file open with other settings.",
            where,
            "Close that connection first, or ask through it.",
        )
    if "Permission denied" in said:
        return WarehouseError(
            "The file may not be read by this user.", where, "Ask its owner for read access."
        )
    if "newer" in said or "storage version" in said.lower():
        return WarehouseError(
            f"The file needs a newer DuckDB than {duckdb.__version__}.",
            where,
            "Install the versions of requirements.lock (make pipeline does).",
        )
    return WarehouseDamaged(
        f"The file cannot be read: {said.splitlines()[0]}",
        where,
        "Run make pipeline, or `python -m pipeline rollback` for the build before.",
    )
