"""`python -m dashboard`: serve the dashboard over a built warehouse."""

import argparse
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from revops import Warehouse
from revops.errors import RevopsError

DEFAULT_WAREHOUSE = Path("warehouse/revops.duckdb")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns 2, with a plain message, when that is not possible."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        Warehouse(options.warehouse).close()
    except RevopsError as error:
        print(error, file=sys.stderr)
        return 2
    if not _is_free(options.address, options.port):
        print(
            f"Port {options.port} on {options.address} is in use.\n"
            f"  next:  Stop what runs there, or choose another with --port {options.port + 1}.",
            file=sys.stderr,
        )
        return 2
    # the screen's libraries take seconds to import: a wrong path is told before that
    from dashboard.server import serve

    print(f"RevOps Control Center on http://{options.address}:{options.port} (Ctrl+C stops it)")
    try:
        serve(
            options.warehouse,
            options.port,
            options.address,
            options.num_procs,
            options.allow_origin,
        )
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=DEFAULT_WAREHOUSE, metavar="PATH")
    parser.add_argument("--port", type=int, default=5006)
    parser.add_argument("--address", default="localhost")
    parser.add_argument(
        "--num-procs", type=int, default=1, help="server processes, each with its own connection"
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="another address people reach this server under; may be given more than once",
    )
    return parser.parse_args(arguments)


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
