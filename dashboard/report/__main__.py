"""`python -m dashboard.report`: write a board pack, one HTML file and one workbook."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from dashboard.brands import BRANDS
from dashboard.desk import Desk
from dashboard.places import COMPARISONS
from dashboard.report.pack import board_pack
from dashboard.state import State
from revops import Filters, Warehouse, books, members
from revops.errors import FilterError, RevopsError
from revops.filters import MEMBER_FIELDS
from revops.periods import PRESETS
from revops.warehouse import DEFAULT_PATH

OUTPUT = Path("artifacts")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the two files and print where they are; 2, with a plain message, when that fails."""
    chosen = _options(arguments)
    try:
        with Warehouse(chosen.warehouse) as warehouse:
            pack = board_pack(Desk(warehouse, _state(warehouse, chosen), _nothing, is_drilled=True))
            chosen.output.mkdir(parents=True, exist_ok=True)
            for kind, content in (("html", pack.html), ("xlsx", pack.xlsx)):
                path = chosen.output / f"{pack.name}.{kind}"
                path.write_bytes(content)
                print(path)
    except (RevopsError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _state(warehouse: Warehouse, chosen: argparse.Namespace) -> State:
    """The page an address or the options describe. Raises FilterError for what is not there."""
    state = State(
        warehouse.build.as_of, members.options(warehouse), books.fiscal_year_start_month(warehouse)
    )
    state.apply_query(urlsplit(chosen.url).query if chosen.url else _query(chosen))
    if state.problems:
        raise FilterError(
            " ".join(state.problems), "the options", "Names and dates must be those of the data."
        )
    return state


def _query(chosen: argparse.Namespace) -> str:
    """The options as an address: there the last day is the last one shown."""
    filters = Filters(
        chosen.since,
        chosen.until,
        **{name: getattr(chosen, name) for name in MEMBER_FIELDS},
    )
    places = [("period", chosen.period), ("compare", chosen.compare), ("brand", chosen.brand)]
    pairs = urlencode([(name, value) for name, value in places if value])
    return "&".join(part for part in (filters.to_query(), pairs) if part)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dashboard.report", description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path(DEFAULT_PATH), metavar="PATH")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="DIR")
    parser.add_argument("--url", default="", help="a copied address of the dashboard; used whole")
    parser.add_argument("--since", metavar="DATE", help="first day")
    parser.add_argument("--until", metavar="DATE", help="first day after the window")
    parser.add_argument("--period", choices=[*PRESETS], help="instead of dates")
    for name in MEMBER_FIELDS:
        parser.add_argument(f"--{name}", action="append", metavar="NAME", help="may be repeated")
    parser.add_argument("--compare", choices=[*COMPARISONS])
    parser.add_argument("--brand", choices=[brand.key for brand in BRANDS])
    return parser.parse_args(arguments)


def _nothing(_: str) -> None:
    """A document has nothing to click."""


if __name__ == "__main__":
    sys.exit(main())
