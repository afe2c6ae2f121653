"""`python -m revops.data_generation`: write a sample to a folder."""

from __future__ import annotations

import argparse
import math
import sys
from datetime import date
from pathlib import Path

from revops.data_generation.files import DATASETS, make_world, write
from revops.data_generation.world import DEFAULT_AS_OF, DEFAULT_SEED


def main(arguments: list[str] | None = None) -> int:
    """Write the files asked for and print their paths; 2 when that is not possible."""
    options = _parser().parse_args(arguments)
    world = make_world(options.seed, options.as_of, options.scale, options.stories)
    only = tuple(options.only) if options.only else DATASETS
    try:
        for path in write(world, options.output, only):
            print(path, flush=True)
    except OSError as problem:
        print(f"The sample could not be written: {problem}", file=sys.stderr)
        print("  next:  choose a folder you may write to with --output", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m revops.data_generation",
        description="Write the eight CSV files and the revops.toml of an invented company.",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder to write")
    parser.add_argument("--seed", type=_seed, default=DEFAULT_SEED, help="whole number, 0 or more")
    parser.add_argument("--as-of", type=_day, default=DEFAULT_AS_OF, help="last day, YYYY-MM-DD")
    parser.add_argument("--scale", type=_scale, default=1.0, help="times the usual volume")
    parser.add_argument("--stories", choices=("all", "none"), default="all")
    parser.add_argument(
        "--only", action="append", choices=DATASETS, help="write only this file (repeatable)"
    )
    return parser


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-10-31") from None
    if not 1975 <= day.year <= 9990:
        raise argparse.ArgumentTypeError(f"{text!r} is outside the years 1975 to 9990")
    return day


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(scale) or not 0.05 <= scale <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0.05 and 1000")
    return scale


if __name__ == "__main__":
    raise SystemExit(main())
