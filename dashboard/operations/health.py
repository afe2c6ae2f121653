"""Three addresses for machines: is the process alive, can it answer, what has it counted."""

import logging
from pathlib import Path
from typing import Any

from tornado.web import RequestHandler

from dashboard.operations.meters import Meters
from revops import Warehouse
from revops.errors import RevopsError

LOG = logging.getLogger("dashboard")


def routes(path: Path, meters: Meters) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """`/healthz`, `/readyz` and `/metrics`; without a login, so no proxy may pass them."""
    return [
        ("/healthz", Alive, {}),
        ("/readyz", Ready, {"path": path}),
        ("/metrics", Counted, {"meters": meters}),
    ]


class Alive(RequestHandler):
    """The event loop gets to answering: restart the process when it does not."""

    def get(self) -> None:
        """Answer with 200."""
        self.set_header("Cache-Control", "no-store")
        self.write({"alive": True})


class Ready(RequestHandler):
    """The published warehouse can be opened and read: send no visitor where it cannot."""

    def initialize(self, path: Path) -> None:
        """`path` is the pointer to the published build, or a warehouse file."""
        self.path = path

    def get(self) -> None:
        """Answer with 200 and the build, or with 503 and what is wrong."""
        self.set_header("Cache-Control", "no-store")
        try:
            with Warehouse(self.path, threads=1) as warehouse:
                build = warehouse.build
                self.write({"ready": True, "build": build.load_id, "as_of": str(build.as_of)})
        except RevopsError as error:
            LOG.error("not ready: %s", error.what)
            self.set_status(503)
            self.write({"ready": False, "what": error.what, "next": error.remedy})


class Counted(RequestHandler):
    """The numbers of all processes of this server, for Prometheus."""

    def initialize(self, meters: Meters) -> None:
        """`meters` hold the numbers."""
        self.meters = meters

    def get(self) -> None:
        """Answer with the text format."""
        text, kind = self.meters.exposition()
        self.set_header("Content-Type", kind)
        self.write(text)
