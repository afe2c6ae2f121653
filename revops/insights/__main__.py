"""`python -m revops.insights`: print what the rules have to say about a warehouse."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from revops.errors import RevopsError
from revops.filters import Filters
from revops.insights.engine import RuleEngine
from revops.insights.rendering import FORMATS
from revops.insights.thresholds import load
from revops.warehouse import DEFAULT_PATH, Warehouse


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the insights; 0 when that worked, 2 when the warehouse or a file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m revops.insights", description=main.__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path(DEFAULT_PATH), metavar="PATH")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--thresholds", type=Path, metavar="FILE", help="replaces some defaults")
    chosen = parser.parse_args(arguments)
    try:
        engine = RuleEngine(thresholds=load(chosen.thresholds))
        with Warehouse(chosen.warehouse) as warehouse:
            insights = engine.insights(warehouse, Filters())
            currency = warehouse.build.currency
    except RevopsError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        print(FORMATS[chosen.format](insights, currency), flush=True)
    except BrokenPipeError:
        # Whoever reads on has seen enough, as `| head` does.
        sys.stdout = None
    return 0


if __name__ == "__main__":
    sys.exit(main())
