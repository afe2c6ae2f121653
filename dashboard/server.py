"""Serving the page: one warehouse per process and build, one state per open page."""

import gc
import logging
import os
from collections.abc import Callable, Sequence
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
from dashboard.shell import TITLE, Shell
from dashboard.state import PLACES
from dashboard.styles import BASE, SECTION
from dashboard.theme import first_paint, material_theme, page_styles
from revops import Warehouse
from revops.errors import RevopsError

pn.extension("tabulator", notifications=False)

ORPHAN_CHECK_MS = 1000

LOG = logging.getLogger("dashboard")


class Builds:
    """The warehouse a new page reads: opened in the process that serves, new for a new build.

    An open page keeps the build it began with, so no page ever mixes two.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._process = 0
        self._current: Warehouse | None = None

    def current(self) -> Warehouse:
        """The newest published build; raises what `Warehouse` raises."""
        # a connection does not survive the fork that makes several processes
        if self._current is None or self._process != os.getpid() or self._current.moved():
            # one thread a question: small ones are answered sooner, and many pages share the cores
            self._current, self._process = Warehouse(self.path, threads=1), os.getpid()
        return self._current


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
            shell = Shell(builds.current())
        except RevopsError as error:
            LOG.error("no page could be opened: %s", error.what)
            return refusal(error)
        follow_address(shell)
        return shell.page

    return open_page


def serve_own_styles() -> None:
    """Take Panel's style sheets from this server from the first moment on.

    Panel learns where they are when it sends the page. With several processes the websocket may
    reach another one, which sends no page, and would name a public host instead.
    """
    document = pn.state.curdoc
    if document is not None:
        folder = f"{pn.state.rel_path}/" if pn.state.rel_path else ""
        document.template_variables.setdefault("dist_url", folder + LOCAL_DIST)


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
    """Keep state and address bar in step, both ways."""
    location = pn.state.location
    if location is None:
        return
    state = shell.state
    if location.search and location.search != "?":
        state.apply_query(location.search)

    def tell(*_: object) -> None:
        wanted = state.to_query()
        if location.search != wanted:
            location.search = wanted

    def hear(event: Any) -> None:
        if event.new != state.to_query():
            state.apply_query(event.new)

    state.param.watch(tell, ["filters", "compare", "brand_key", *PLACES])
    location.param.watch(hear, "search")


def serve(path: Path, port: int, address: str, processes: int, origins: Sequence[str]) -> None:
    """Serve the page at the root path until stopped.

    `origins` are further hosts ("dash.example.com:443") whose pages may open the websocket.
    """
    logging.getLogger("tornado.access").setLevel(logging.WARNING)
    logging.getLogger("bokeh.server").setLevel(logging.WARNING)
    here = [f"{host}:{port}" for host in dict.fromkeys((address, "localhost", "127.0.0.1"))]
    builds = Builds(path)
    server = pn.serve(
        {"/": page(builds)},
        port=port,
        address=address,
        websocket_origin=[*here, *origins],
        title=TITLE,
        show=False,
        num_procs=processes,
        compress_response=True,
        admin=False,
        start=False,
    )
    if processes > 1:
        parent = os.getppid()

        def end_with_parent() -> None:
            if os.getppid() != parent:
                server.io_loop.stop()

        server.io_loop.add_callback(PeriodicCallback(end_with_parent, ORPHAN_CHECK_MS).start)
    server.start()
    warm_up(builds)
    # the libraries stay for good: a collection need not walk them each time a page is closed
    gc.collect()
    gc.freeze()
    server.io_loop.start()
