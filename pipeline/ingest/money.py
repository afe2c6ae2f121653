"""Money in: summed from the raw text of a file by a reading of its own.

Nothing of the loading path takes part, neither its splitting nor its casts, so that
"money in = loaded + withheld" proves something. Arrow's reader is quick and comes
first; where its sum differs, as it must for separators of a file's own or rows that
do not split, Python's csv module and decimals have the last word.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as arrow
import pyarrow.csv as arrow_csv

from pipeline.ingest.cells import CellFormat, Refused, is_empty
from pipeline.ingest.numbers import read_money

_BLOCK_BYTES = 1 << 20
_SUM = pa.decimal128(38, 6)
_PLAIN = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"


@dataclass(frozen=True)
class MoneyIn:
    """The sum of a file's money cells, and how many hold something that cannot be read.

    Rows that do not split into columns have no cell to read: each counts as one.
    """

    amount: Decimal
    magnitude: Decimal
    unreadable_cells: int

    def plus(self, other: "MoneyIn") -> "MoneyIn":
        return MoneyIn(
            self.amount + other.amount,
            self.magnitude + other.magnitude,
            self.unreadable_cells + other.unreadable_cells,
        )


def read_quickly(
    path: Path, header_line: int, position: int, width: int, how: CellFormat
) -> MoneyIn | None:
    """Sum the column at `position` of `width` with Arrow's reader; None where it cannot.

    Rows of another width count as unreadable. Cells that Arrow's cast refuses are
    read one by one; whether those that it takes were rightly taken shows in the sum.
    """
    names = [str(place) for place in range(width)]
    skipped = 0

    def skip(row: object) -> str:
        nonlocal skipped
        skipped += 1
        return "skip"

    total = MoneyIn(Decimal(0), Decimal(0), 0)
    try:
        with arrow_csv.open_csv(
            path,
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                block_size=_BLOCK_BYTES,
                skip_rows=header_line,
                column_names=names,
            ),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=[names[position]],
                column_types={names[position]: pa.string()},
                null_values=[""],
                strings_can_be_null=True,
            ),
        ) as batches:
            for batch in batches:
                total = total.plus(_sum(batch.column(0), how))
    except pa.ArrowInvalid:
        return None
    return total.plus(MoneyIn(Decimal(0), Decimal(0), skipped))


def _sum(cells: pa.StringArray, how: CellFormat) -> MoneyIn:
    try:
        amounts = cells.cast(_SUM)
    except pa.ArrowInvalid:
        is_plain = arrow.match_substring_regex(cells, _PLAIN)
        others = cells.filter(arrow.invert(is_plain)).to_pylist()
        return _sum(cells.filter(is_plain), how).plus(_sum_one_by_one(others, how))
    sums = [arrow.sum(each).as_py() or Decimal(0) for each in (amounts, arrow.abs(amounts))]
    return MoneyIn(sums[0], sums[1], 0)


def _sum_one_by_one(cells: Iterable[str | None], how: CellFormat) -> MoneyIn:
    amount = magnitude = Decimal(0)
    unreadable = 0
    for cell in cells:
        if cell is None or is_empty(cell):
            continue
        try:
            value = read_money(cell, how)
        except Refused:
            unreadable += 1
            continue
        amount += value
        magnitude += abs(value)
    return MoneyIn(amount, magnitude, unreadable)


def read_exactly(
    path: Path,
    position: int,
    width: int,
    how: CellFormat,
    names: Mapping[str, str],
    unsplit_lines: Collection[int],
) -> MoneyIn:
    """Sum the column at `position`, leaving out `unsplit_lines`, which have no cells.

    `names` are the file's words that the configuration maps.
    """
    other_rows = 0

    def cells() -> Iterator[str]:
        nonlocal other_rows
        for row in _rows(path, unsplit_lines):
            if len(row) == width:
                yield names.get(row[position], row[position])
            else:
                other_rows += bool("".join(row).strip())

    total = _sum_one_by_one(cells(), how)
    return total.plus(MoneyIn(Decimal(0), Decimal(0), other_rows + len(unsplit_lines)))


def _rows(path: Path, unsplit_lines: Collection[int]) -> Iterator[list[str]]:
    left_out = set(unsplit_lines)
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = (line for number, line in enumerate(file, start=1) if number not in left_out)
        rows = csv.reader(lines)
        next(rows, None)
        yield from rows
