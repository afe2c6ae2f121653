"""One statement on its way to DuckDB: its number, what it is about, and how it is stopped."""

import re
import secrets
import threading
from typing import Any

from revops.errors import QueryError

ABOUT = re.compile(r"\b(?:metrics|reports|marts|meta|quarantine|intermediate|staging)\.\w+")


class Question:
    """One statement on its way to DuckDB, for one open page."""

    def __init__(self, sql: str, session: str) -> None:
        self.id = secrets.token_hex(4)
        self.sql = " ".join(sql.split())
        self.session = session
        found = ABOUT.search(sql)
        self.about = found.group() if found else "other"
        self.is_stopped = False
        self._cursor: Any = None
        self._timer: threading.Timer | None = None

    def begin(self, cursor: Any) -> Any:
        """From now on this connection works on it."""
        self._cursor = cursor
        return cursor

    def stop(self) -> None:
        """Have DuckDB give it up."""
        self.is_stopped = True
        if self._cursor is not None:
            self._cursor.interrupt()

    def stop_in(self, seconds: float) -> None:
        """Have it stopped then, unless it has been answered; asked again, this changes nothing."""
        if self._timer is None:
            self._timer = threading.Timer(seconds, self.stop)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """It is answered, or has failed."""
        self._cursor = None
        if self._timer is not None:
            self._timer.cancel()

    def too_long(self, limit: float) -> QueryError:
        """What is said when it was stopped."""
        return QueryError(
            f"The question took longer than {limit:g} seconds and was stopped.",
            self.sql,
            "Narrow the dates or the filters, or serve with a higher --query-seconds.",
        )
