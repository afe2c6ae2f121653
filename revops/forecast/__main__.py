"""`python -m revops.forecast`: bookings and MRR of the quarter ahead, or why they are not known."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from revops.errors import RevopsError
from revops.filters import Filters
from revops.forecast.model import Forecast
from revops.forecast.quarter import bookings, mrr
from revops.forecast.words import as_text
from revops.warehouse import DEFAULT_PATH, Warehouse


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the forecasts; 0 when that worked, a refusal included, 2 when nothing can be read."""
    parser = argparse.ArgumentParser(prog="python -m revops.forecast", description=main.__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path(DEFAULT_PATH), metavar="PATH")
    parser.add_argument("--segment", action="append", metavar="NAME", help="may be given again")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    chosen = parser.parse_args(arguments)
    try:
        filters = Filters(segments=chosen.segment)
        with Warehouse(chosen.warehouse) as warehouse:
            found = [bookings(warehouse, filters), mrr(warehouse, filters)]
            currency = warehouse.build.currency
    except RevopsError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.format == "json":
        told = json.dumps(
            {"currency": currency, "forecasts": [_plain(one) for one in found]},
            indent=2,
            default=str,
        )
    else:
        told = "\n\n".join(as_text(one, currency) for one in found)
    try:
        print(told, flush=True)
    except BrokenPipeError:
        sys.stdout = None
    return 0


def _plain(one: Forecast) -> dict[str, object]:
    return {
        **asdict(one),
        "coverage": one.coverage,
        "error": one.error,
        "last_quarter_error": one.last_quarter_error,
        "year_before_error": one.year_before_error,
        "is_beaten": one.is_beaten,
    }


if __name__ == "__main__":
    sys.exit(main())
