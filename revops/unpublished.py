"""A build that is still being made, asked as a published one is."""

import threading
from collections import OrderedDict
from pathlib import Path

import duckdb

from revops import opening
from revops.opening import Identity
from revops.warehouse import Warehouse


class UnpublishedWarehouse(Warehouse):
    """The current database of the connection that makes it.

    Every question is a read-only transaction of its own and sees what was committed. The
    connection stays its owner's: closing this closes nothing.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        [(name, path)] = connection.execute(
            "select database_name, path from duckdb_databases() "
            "where database_name = current_database()"
        ).fetchall()
        self.path = Path(path or name)
        self._database = str(name).replace('"', '""')
        self._lock = threading.RLock()
        self._frames = OrderedDict()
        self._connection = connection
        self._identity = Identity(self.path, str(self.path))
        with self._cursor() as cursor:
            self._build = opening.read_build(cursor, self.path)

    def moved(self) -> bool:
        """Never: there is only the one that is being made."""
        return False

    def close(self) -> None:
        """Forget the answers."""
        with self._lock:
            self._frames.clear()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = super()._cursor()
        cursor.execute(f'use "{self._database}"').fetchall()
        cursor.execute("begin transaction read only").fetchall()
        return cursor
