"""Serving the page: one warehouse per process, one state per open page."""

import logging
from collections.abc import Callable
from typing import Any

import panel as pn
from panel.viewable import Viewable

from dashboard.shell import TITLE, Shell
from revops import Warehouse

pn.extension("tabulator", notifications=False)

LOG = logging.getLogger("dashboard")


def page(warehouse: Warehouse) -> Callable[[], Viewable]:
    """The function that makes one visitor's page, in step with its address."""

    def open_page() -> Viewable:
        shell = Shell(warehouse)
        follow_address(shell)
        return shell.page

    return open_page


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

    state.param.watch(tell, ["filters", "compare", "brand_key", "tab", "shelf"])
    location.param.watch(hear, "search")


def serve(warehouse: Warehouse, port: int, address: str, processes: int) -> None:
    """Serve the page at the root path until stopped."""
    pn.serve(
        {"/": page(warehouse)},
        port=port,
        address=address,
        websocket_origin=[f"{address}:{port}", f"localhost:{port}", f"127.0.0.1:{port}"],
        title=TITLE,
        show=False,
        num_procs=processes,
        compress_response=True,
        admin=False,
    )
