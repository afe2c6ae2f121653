"""Where a server's words go: text for people, or one JSON object per line for programs."""

import hashlib
import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import panel as pn
from bokeh.util.logconfig import basicConfig
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

LOG = logging.getLogger("dashboard")
TEXT = "%(asctime)s %(levelname)s %(name)s [%(session_id)s] %(message)s"
OWN_FIELDS = ("query_id", "error_id", "about", "seconds", "rows", "sql", "values")
# Panel and Bokeh tell each connection, and tornado each request: a proxy's log has them
QUIET = ("tornado.access", "bokeh", "panel")
PAGE_CLOSED = "Failed sending message as connection was closed"


def set_up(form: str, level: str) -> None:
    """Send every log line to standard error: `form` is "text" or "json", `level` a name of ours.

    The libraries are heard from warnings on, whatever the level.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(TEXT))
    handler.addFilter(_with_session)
    handler.addFilter(lambda record: record.msg != PAGE_CLOSED)
    # Bokeh's own, because it also takes away the handler that Bokeh gave itself
    basicConfig(level=logging.INFO, handlers=[handler], force=True)
    LOG.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Panel writes to standard output by a handler of its own
    panel = logging.getLogger("panel")
    panel.handlers.clear()
    panel.propagate = True


class JsonLines(logging.Formatter):
    """One object per line: time, level, logger, message, process, and the ids where known."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record; a traceback is a text in it."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        for name in ("session_id", *OWN_FIELDS):
            value = getattr(record, name, None)
            if value not in (None, "", "-"):
                line[name] = value
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def session_id() -> str:
    """A short name of the open page this code runs for; "-" outside of one.

    A digest, because who knows the session's own id could join it.
    """
    page = pn.state.curdoc
    context = page.session_context if page is not None else None
    return "-" if context is None else short(context.id)


def short(session: str) -> str:
    """The name a session goes by in the log."""
    return hashlib.sha256(session.encode()).hexdigest()[:12]


def closed_pages_are_no_fault(loop: Any, context: dict[str, Any]) -> None:
    """What an event loop does with an error nobody awaited: a browser that left is none.

    Panel sends a page's news without waiting, so a page closed meanwhile would be told with a
    traceback for each message under way.
    """
    if isinstance(context.get("exception"), (WebSocketClosedError, StreamClosedError)):
        LOG.debug("a page was closed while it was sent something")
    else:
        loop.default_exception_handler(context)


def tell_sessions() -> None:
    """Log when a page is opened and closed."""
    pn.state.on_session_created(_told("session opened"))
    pn.state.on_session_destroyed(_told("session closed"))


def _told(message: str) -> Callable[[Any], None]:
    def tell(context: Any) -> None:
        LOG.info(message, extra={"session_id": short(context.id)})

    return tell


def _with_session(record: logging.LogRecord) -> bool:
    if not hasattr(record, "session_id"):
        record.session_id = session_id()
    return True
