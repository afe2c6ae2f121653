"""Serving the page: one warehouse per process and build, one state per open page."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.io.resources import LOCAL_DIST
from panel.viewable import Viewable
from tornado.ioloop import PeriodicCallback

from dashboard.brands import DEFAULT_BRAND
from dashboard.html_view import HtmlView
from dashboard.new_build import OpenPages
from dashboard.operations.access import Access
from dashboard.operations.health import routes
from dashboard.operations.meters import Meters, meters_of
from dashboard.operations.questions import LIMIT_SECONDS, WatchedWarehouse
from dashboard.operations.watching import LOOK_MS, watch_over
from dashboard.operations.writing import forget_no_message
from dashboard.places import PLACES
from dashboard.shell import TITLE, Shell
from dashboard.styles import BASE, SECTION
from dashboard.theme import first_paint, material_theme, page_styles
from revops import Warehouse
from revops.errors import RevopsError

pn.extension("tabulator", notifications=False)
forget_no_message()

LOG = logging.getLogger("dashboard")


class Builds:
    """The warehouse a new page reads: opened in the process that serves, new for a new build.

    An open page keeps the build it began with, so no page ever mixes two.
    """

    def __init__(
        self, path: Path, meters: Meters | None = None, query_seconds: float = LIMIT_SECONDS
    ) -> None:
        self.path, self._meters, self._query_seconds = path, meters, query_seconds
        self._process = 0
        self._current: Warehouse | None = None
        self.open_pages = OpenPages(self.current)

    def current(self) -> Warehouse:
        """The newest published build; raises what `Warehouse` raises."""
        # a connection does not survive the fork that makes several processes
        if self._current is None or self._process != os.getpid() or self._current.moved():
            self._current = WatchedWarehouse(self.path, self._meters, self._query_seconds)
            self._process = os.getpid()
        return self._current

    def close(self) -> None:
        """Give up what is still being asked: the process ends."""
        if self._current is not None:
            self._current.close()


def warm_up(builds: Builds) -> None:
    """Ask and draw once what a first page shows, so that its first visitor need not wait for it."""
    try:
        Shell(builds.current())
    except RevopsError as error:
        LOG.error("no page could be opened: %s", error.what)


def page(builds: Builds) -> Callable[[], Viewable]:
    """The function that makes one visitor's page, in step with its address."""

    def open_page() -> Viewable:
        serve_own_styles()
        try:
            location = pn.state.location
            shell = Shell(builds.current(), query=location.search if location else "")
        except RevopsError as error:
            LOG.error("no page could be opened: %s", error.what)
            return refusal(error)
        builds.open_pages.add(shell.new_build)
        follow_address(shell)
        return shell.page

    return open_page


def serve_own_styles() -> None:
    """Take Panel's style sheets from this server from the first moment on.

    Panel learns where they are when it sends the page. With several processes the websocket may
    reach another one, which sends no page, and would name a public host instead.
    """
    # told the path, Panel names them from the root, whatever prefix the server has
    location = pn.state.location
    if location is not None:
        location.param.watch(name_own_styles, "pathname")
    name_own_styles()


def name_own_styles(*_: object) -> None:
    """Write where they are into the page, relative to its address."""
    document = pn.state.curdoc
    if document is not None:
        folder = f"{pn.state.rel_path}/" if pn.state.rel_path else ""
        document.template_variables["dist_url"] = folder + LOCAL_DIST


def refusal(error: RevopsError) -> Viewable:
    """The page when the warehouse cannot be read: what happened and what to do."""
    said = Markup(
        '<div class="failed" role="alert"><b>{}</b><div>{}</div><div>{}</div></div>'
    ).format(error.what, error.where, error.remedy)
    view = HtmlView(said, stylesheets=[BASE, SECTION], sizing_mode="stretch_width", margin=24)
    return pmui.Page(
        title=TITLE,
        main=[view],
        theme_toggle=False,
        dark_theme=DEFAULT_BRAND.is_dark,
        theme_config=material_theme(DEFAULT_BRAND),
        sx=page_styles(DEFAULT_BRAND),
        raw_css=[first_paint(DEFAULT_BRAND)],
    )


def follow_address(shell: Shell) -> None:
    """Keep state and address bar in step, both ways; the state began with the address."""
    location = pn.state.location
    if location is None:
        return
    state = shell.state

    def tell(*_: object) -> None:
        wanted = state.to_query()
        if location.search != wanted:
            location.search = wanted

    def hear(event: Any) -> None:
        if event.new != state.to_query():
            state.apply_query(event.new)

    state.param.watch(tell, ["filters", "compare", "brand_key", *PLACES])
    location.param.watch(hear, "search")


def serve(
    path: Path, port: int, address: str, processes: int, access: Access, query_seconds: float
) -> None:
    """Serve the page until stopped; a question to the warehouse may take `query_seconds`."""
    # the process that only waits for the others is to leave in order too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with meters_of(processes) as meters:
        meters.count_errors()
        builds = Builds(path, meters, query_seconds)
        here = [f"{host}:{port}" for host in dict.fromkeys((address, "localhost", "127.0.0.1"))]
        server = pn.serve(
            {"/": page(builds)},
            port=port,
            address=address,
            websocket_origin=[*here, *access.origins],
            title=TITLE,
            show=False,
            verbose=False,
            num_procs=processes,
            compress_response=True,
            admin=False,
            start=False,
            extra_patterns=routes(path, meters),
            **access.server_options(),
        )
        watch_over(server, meters, has_parent=processes > 1)
        server.io_loop.add_callback(PeriodicCallback(builds.open_pages.look, LOOK_MS).start)
        server.start()
        warm_up(builds)
        # the libraries stay for good: a collection need not walk them each time a page is closed
        gc.collect()
        gc.freeze()
        server.io_loop.start()
        builds.close()
        gc.unfreeze()
