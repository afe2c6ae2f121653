"""The command line: `python -m pipeline build | status | rollback`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline import lock
from pipeline.build import BuildOptions, build
from pipeline.errors import PipelineError, UsageError
from pipeline.folder import WarehouseFolder
from pipeline.log import Log
from pipeline.progress import Progress
from pipeline.trouble import explained

OK, ENVIRONMENT = 0, 2
EXIT_CODES = (
    "exit codes: 0 done (published, or nothing had changed); 1 the data, a model or a check "
    "failed and nothing was published; 2 usage or environment"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    log = Log(options.log_format)
    commands = {"build": _build, "status": _status, "rollback": _rollback}
    try:
        return commands[options.command](options, log)
    except PipelineError as error:
        log.problem(error)
        return error.exit_code
    except KeyboardInterrupt:
        log.note("interrupted", "error: interrupted; nothing was published")
        return ENVIRONMENT
    except BrokenPipeError:
        # whoever read the output has closed it, as `| head` does
        sys.stdout = None
        return OK
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback for the user
        log.unexpected(error, options.warehouse)
        return ENVIRONMENT


def _build(options: argparse.Namespace, log: Log) -> int:
    asked = BuildOptions(
        data=options.data,
        warehouse=options.warehouse,
        as_of=options.as_of,
        strict=options.strict,
        config=options.config,
        force=options.force,
        verify=options.verify,
        lock_timeout=options.lock_timeout,
    )
    build(asked, log, Progress(enabled=None if options.log_format == "text" else False))
    return OK


def _status(options: argparse.Namespace, log: Log) -> int:
    from pipeline import status

    folder = WarehouseFolder(options.warehouse)
    builder = lock.holder(options.warehouse)
    text = status.describe(folder, builder, datetime.now(UTC))
    log.tell("status", text, **status.fields(folder, builder))
    return OK if folder.served() else ENVIRONMENT


def _rollback(options: argparse.Namespace, log: Log) -> int:
    from pipeline import publish

    folder = WarehouseFolder(options.warehouse)
    if not folder.load_ids():
        raise UsageError(
            "There is no build to go back to", str(folder.root), "Build one: `make pipeline`."
        )
    with (
        explained(options.warehouse),
        lock.exclusive(
            options.warehouse, options.lock_timeout, lambda text: log.note("waiting", text)
        ),
    ):
        now, before = publish.rollback(folder, options.load_id)
    text = f"Build {now} is served again" + (f" instead of {before}." if before != now else ".")
    log.tell("rolled back", text, message=text, served=now, before=before)
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        description="Builds the warehouse from CSV files, and says or changes what is served.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _build_arguments(commands.add_parser("build", help="build and publish", epilog=EXIT_CODES))
    shared = commands.add_parser("status", help="what is served, and how old it is")
    _shared_arguments(shared)
    back = commands.add_parser("rollback", help="serve an earlier build again")
    back.add_argument("load_id", nargs="?", metavar="LOAD_ID", help="default: the previous build")
    _shared_arguments(back)
    _lock_argument(back)
    return parser


def _build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="CSV folder (data)"
    )
    parser.add_argument(
        "--as-of", type=_date, metavar="DATE", help="day the numbers describe (newest in the data)"
    )
    parser.add_argument("--strict", action="store_true", help="any bad row fails the build")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="revops.toml (data folder, then current folder)"
    )
    parser.add_argument("--force", action="store_true", help="build even if nothing has changed")
    parser.add_argument(
        "--verify", action="store_true", help="validate every batch with pandera, not only bad ones"
    )
    _shared_arguments(parser)
    _lock_argument(parser)


def _shared_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--warehouse",
        type=Path,
        default=Path("warehouse"),
        metavar="DIR",
        help="folder of the built files (warehouse)",
    )
    parser.add_argument("--log-format", choices=("text", "json"), default="text")


def _lock_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lock-timeout",
        type=_seconds,
        default=60.0,
        metavar="S",
        help="seconds to wait for another build (60)",
    )


def _date(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-03-31") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds
