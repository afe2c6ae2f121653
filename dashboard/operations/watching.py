"""What a server process does beside serving: it counts, tells, and ends in order."""

import os
import signal
from typing import Any

import panel as pn
from tornado.ioloop import PeriodicCallback

from dashboard.operations.log import closed_pages_are_no_fault, tell_sessions
from dashboard.operations.meters import Meters

LOOK_MS = 1000


def watch_over(server: Any, meters: Meters, has_parent: bool) -> None:
    """Stop in order, count the open pages, and take a closed page for no fault."""
    loop, parent = server.io_loop, os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: loop.add_callback_from_signal(loop.stop))
    loop.asyncio_loop.set_exception_handler(closed_pages_are_no_fault)
    tell_sessions()
    pn.state.on_session_created(lambda _: meters.opened.inc())

    def look() -> None:
        if has_parent and os.getppid() != parent:
            loop.stop()
            return
        pages = server.get_sessions()
        connected = sum(page.connection_count > 0 for page in pages)
        meters.sessions.labels("connected").set(connected)
        meters.sessions.labels("waiting").set(len(pages) - connected)

    # the first look opens the files of the counters, while the folder is surely there
    look()
    loop.add_callback(PeriodicCallback(look, LOOK_MS).start)
