"""A world in memory behind the interface of a published warehouse."""

import threading
from collections import OrderedDict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb

from revops import Warehouse, opening


class OpenWorld(Warehouse):
    """The models of `tests.support.worlds.warehouse`, asked as a build is."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = Path("in memory")
        self._lock = threading.RLock()
        self._frames = OrderedDict()
        self._connection = connection
        self._identity = cast(Any, SimpleNamespace(text="world", file=self.path))
        self._build = opening.read_build(connection, self.path)
