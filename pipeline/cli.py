"""The command line: `python -m pipeline build | status | rollback | history`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from pipeline import lock
from pipeline.arguments import parser
from pipeline.build import BuildOptions, build
from pipeline.errors import PipelineError, UsageError
from pipeline.folder import WarehouseFolder
from pipeline.history import shelf
from pipeline.history.settle import settle
from pipeline.log import Log
from pipeline.progress import Progress
from pipeline.trouble import explained

OK, ENVIRONMENT = 0, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    log = Log(options.log_format)
    commands = {"build": _build, "status": _status, "rollback": _rollback, "history": _history}
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
        new_book=options.new_book,
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


def _history(options: argparse.Namespace, log: Log) -> int:
    if options.action == "list":
        log.tell(
            "history", shelf.describe_books(options.warehouse), **shelf.fields(options.warehouse)
        )
        return OK
    if not options.warehouse.is_dir():
        raise UsageError("There is no warehouse", str(options.warehouse), "Name its --warehouse.")
    with (
        explained(options.warehouse),
        lock.exclusive(
            options.warehouse, options.lock_timeout, lambda text: log.note("waiting", text)
        ),
    ):
        settle(WarehouseFolder(options.warehouse))
        aside = shelf.archive(options.warehouse, options.book)
    text = (
        f"The book {options.book} lies in {aside} now. The next build begins it anew; to take it "
        "back, give the folder its old name."
    )
    log.tell("archived", text, message=text, book=options.book, folder=str(aside))
    return OK
