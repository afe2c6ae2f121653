"""One built warehouse, opened read only and hardened."""

import os
import threading
import warnings
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from revops import opening
from revops.errors import QueryError, RevopsError
from revops.opening import BuildInfo, Identity
from revops.refusals import check_values, explain

DEFAULT_PATH = "warehouse/revops.duckdb"
CACHED_FRAMES = 256
# Pages of raw rows are asked once and would only push out what is asked again.
LARGEST_CACHED_BYTES = 4_000_000


# Meant for large results; ours are small, and asking for a relation plans each statement twice.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")


class Warehouse:
    """A published build, to be asked in SQL; it can change nothing and reach no other file.

    `path` is the pointer `warehouse/revops.duckdb`, or any warehouse file, such as one
    that came by mail. The pointer is resolved once: every answer comes from the build
    it led to until `refresh()`. Queries may come from several threads.

    Raises WarehouseNotFound, WarehouseLocked, NotAWarehouse, WarehouseTooOld or
    WarehouseDamaged; every one says what to do next.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = DEFAULT_PATH,
        *,
        memory_limit: str = "1GB",
        threads: int | None = None,
    ) -> None:
        self.path = Path(path).expanduser()
        self._settings = opening.settings(memory_limit, threads)
        self._lock = threading.RLock()
        self._frames: OrderedDict[tuple[str, ...], pl.DataFrame] = OrderedDict()
        self._open()

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Answer one statement; values are bound by name (`$since`), never pasted in.

        Raises QueryError (or UnknownName for a misspelt macro parameter).
        """
        values = dict(params or {})
        known = self._known(sql, values)
        if known is not None:
            return known
        frame = self._answer(sql, values)
        if frame.estimated_size() > LARGEST_CACHED_BYTES:
            return frame
        with self._lock:
            self._frames[self._key(sql, values)] = frame
            while len(self._frames) > CACHED_FRAMES:
                self._frames.popitem(last=False)
        return frame.clone()

    @property
    def build(self) -> BuildInfo:
        """What was built, from what, and what the numbers are as of."""
        return self._build

    @property
    def file(self) -> Path:
        """The build's own file, with the pointer followed."""
        return self._identity.file

    def moved(self) -> bool:
        """Whether the path now leads to another build than the one being read."""
        try:
            return Identity.of(self.path) != self._identity
        except RevopsError:
            return False

    def newer_build(self) -> str | None:
        """The load id of the build the path now leads to, or None when nothing moved."""
        if not self.moved():
            return None
        try:
            with Warehouse(self.path) as other:
                return other.build.load_id
        except RevopsError:
            return None

    def refresh(self) -> bool:
        """Read the build the path leads to now, and forget every cached answer.

        Returns whether the build changed. A newer file that cannot be opened raises, and
        the old build stays readable.
        """
        with self._lock:
            self._frames.clear()
            if not self.moved():
                return False
            old = self._connection
            if Identity.of(self.path).file == self._identity.file:
                # DuckDB would hand the old content to a second connection on this very path.
                old.close()
            self._open()
            old.close()
            return True

    def close(self) -> None:
        """Let go of the file; later queries are refused."""
        with self._lock:
            self._frames.clear()
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        build = self._build
        return f"Warehouse({str(self.path)!r}, build {build.load_id}, as of {build.as_of})"

    def _open(self) -> None:
        identity = Identity.of(self.path)
        connection = opening.connect(identity.file, self._settings)
        try:
            build = opening.read_build(connection.cursor(), identity.file)
        except BaseException:
            connection.close()
            raise
        self._identity, self._connection, self._build = identity, connection, build

    def _key(self, sql: str, values: Mapping[str, Any]) -> tuple[str, ...]:
        return self._identity.text, sql, repr(sorted(values.items()))

    def _known(self, sql: str, values: Mapping[str, Any]) -> pl.DataFrame | None:
        """The answer, when this was asked before."""
        with self._lock:
            key = self._key(sql, values)
            if key not in self._frames:
                return None
            self._frames.move_to_end(key)
            return self._frames[key].clone()

    def _answer(self, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
        """Ask DuckDB what was not asked before; a server that watches its questions adds to it."""
        cursor = self._cursor()
        try:
            check_values(sql, values, cursor)
            return _answered(cursor, sql, values)
        except duckdb.Error as error:
            # the cursor of a failed question may answer nothing more
            with self._cursor() as fresh:
                raise explain(error, sql, fresh) from None
        finally:
            cursor.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        try:
            with self._lock:
                return self._connection.cursor()
        except duckdb.ConnectionException:
            raise QueryError(
                "This warehouse was closed.", str(self.path), "Open it again with Warehouse(path)."
            ) from None


def _answered(
    cursor: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]
) -> pl.DataFrame:
    asked = cursor.execute(sql, dict(values))
    if asked.description is None:
        raise QueryError("The statement returns no table.", sql, "Ask with SELECT or FROM.")
    frame = pl.from_arrow(asked.to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame
