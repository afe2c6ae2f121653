"""What may be typed behind `python -m pipeline`."""

import argparse
from datetime import date, datetime
from pathlib import Path

from pipeline.history.book import is_book_name

EXIT_CODES = (
    "exit codes: 0 done (published, or nothing had changed); 1 the data, a model or a check "
    "failed and nothing was published; 2 usage or environment"
)


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="python -m pipeline",
        description="Builds the warehouse from CSV files, and says or changes what is served.",
        epilog=EXIT_CODES,
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _build_arguments(commands.add_parser("build", help="build and publish", epilog=EXIT_CODES))
    shared = commands.add_parser("status", help="what is served, and how old it is")
    _shared_arguments(shared)
    back = commands.add_parser("rollback", help="serve an earlier build again")
    back.add_argument("load_id", nargs="?", metavar="LOAD_ID", help="default: the previous build")
    _shared_arguments(back)
    _lock_argument(back)
    _history_arguments(commands.add_parser("history", help="what earlier builds have kept"))
    return root


def _history_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _shared_arguments(actions.add_parser("list", help="the books of history"))
    aside = actions.add_parser("archive", help="set a book aside; nothing is removed")
    aside.add_argument("book", metavar="BOOK")
    _shared_arguments(aside)
    _lock_argument(aside)


def _build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="CSV folder (data)"
    )
    parser.add_argument(
        "--as-of",
        type=_date,
        metavar="DATE",
        help="last day the numbers describe (the newest ad, deal, customer start or snapshot)",
    )
    parser.add_argument("--strict", action="store_true", help="any bad row fails the build")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="revops.toml (data folder, then current folder)"
    )
    parser.add_argument("--force", action="store_true", help="build even if nothing has changed")
    parser.add_argument(
        "--verify", action="store_true", help="validate every batch with pandera, not only bad ones"
    )
    parser.add_argument(
        "--new-book",
        type=_book,
        metavar="NAME",
        help="keep the history of this build in the book NAME instead of the policy's",
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


def _book(text: str) -> str:
    if not is_book_name(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of letters, digits, _ and -")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds
