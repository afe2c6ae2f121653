"""`python -m revops.insights`: print what the rules have to say about a warehouse."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from revops.errors import RevopsError
from revops.filters import Filters
from revops.insights.engine import RuleEngine
from revops.insights.model import Status
from revops.insights.rendering import FORMATS
from revops.insights.thresholds import load
from revops.warehouse import DEFAULT_PATH, Warehouse

WORKED, UNREADABLE, FOUND = 0, 2, 3
# The statuses at which `--fail-on` leaves with FOUND. 1 stays Python's own, for a crash.
FAIL_ON: dict[str, tuple[Status, ...]] = {"alert": ("alert",), "watch": ("alert", "watch")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the insights.

    Leaves with 0 when that worked, 2 when the warehouse or a file cannot be read, and with
    --fail-on with 3 when an insight is as pressing as that.
    """
    parser = argparse.ArgumentParser(prog="python -m revops.insights", description=main.__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path(DEFAULT_PATH), metavar="PATH")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--thresholds", type=Path, metavar="FILE", help="replaces some defaults")
    parser.add_argument(
        "--fail-on", choices=FAIL_ON, help="leave with 3 when something is as pressing"
    )
    chosen = parser.parse_args(arguments)
    try:
        engine = RuleEngine(thresholds=load(chosen.thresholds))
        with Warehouse(chosen.warehouse) as warehouse:
            insights = engine.insights(warehouse, Filters())
            currency = warehouse.build.currency
    except RevopsError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    try:
        print(FORMATS[chosen.format](insights, currency), flush=True)
    except BrokenPipeError:
        # Whoever reads on has seen enough, as `| head` does.
        sys.stdout = None
    is_found = any(one.status in FAIL_ON.get(chosen.fail_on, ()) for one in insights)
    return FOUND if is_found else WORKED


if __name__ == "__main__":
    sys.exit(main())
