"""`python -m dashboard`: serve the dashboard over a built warehouse."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from dashboard.operations.access import access
from revops import Warehouse
from revops.errors import RevopsError

DEFAULT_WAREHOUSE = Path("warehouse/revops.duckdb")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns 2, with a plain message, when that is not possible."""
    options = _options(arguments)
    try:
        allowed = access(options, os.environ)
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
    from dashboard.operations import log
    from dashboard.server import serve

    log.set_up(options.log_format or ("json" if options.production else "text"), options.log_level)
    where = f"http://{options.address}:{options.port}{allowed.prefix}"
    print(f"RevOps Control Center on {where} (Ctrl+C stops it)", flush=True)
    try:
        serve(
            options.warehouse,
            options.port,
            options.address,
            options.num_procs,
            allowed,
            options.query_seconds,
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
        metavar="HOST",
        help="another address people reach this server under; may be given more than once",
    )
    parser.add_argument("--prefix", default="", metavar="PATH", help="path it lives under: /revops")
    parser.add_argument(
        "--query-seconds", type=float, default=30.0, help="longest time one question may take"
    )
    parser.add_argument("--log-format", choices=("text", "json"), help="json in production")
    parser.add_argument(
        "--log-level",
        choices=("debug", "info", "warning"),
        default="info",
        help="debug: each query",
    )
    _login_options(parser.add_argument_group("who may come in (see dashboard/deployment)"))
    return parser.parse_args(arguments)


def _login_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--production",
        action="store_true",
        help="behind a proxy, for many: needs a cookie secret, an origin and a way to log in",
    )
    group.add_argument("--cookie-secret-file", type=Path, metavar="FILE")
    group.add_argument(
        "--basic-auth", type=Path, metavar="FILE", help='names and passwords: {"ana": "…"}'
    )
    group.add_argument("--oauth-provider", metavar="NAME", help="one of Panel's, such as google")
    group.add_argument("--without-login", action="store_true", help="the proxy asks who comes")


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
