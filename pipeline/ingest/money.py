"""Money in: summed from the raw text of a file by a reading of its own.

Nothing of the loading path takes part, neither its splitting nor its casts, so that
"money in = loaded + withheld" proves something. A quick reading by DuckDB is tried
first; where it cannot agree by nature (separators, currency signs, odd cells, rows
that do not split), Python's csv module and decimals have the last word.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from pipeline.config import FileConfig
from pipeline.ingest.cells import CellFormat, Refused, is_empty
from pipeline.ingest.numbers import read_money
from pipeline.meta import literal

_MEMORY = "256MB"


@dataclass(frozen=True)
class MoneyIn:
    """The sum of a file's money cells, and how many hold something that cannot be read.

    Rows that do not split into columns have no cell to read: each counts as one.
    """

    amount: Decimal
    magnitude: Decimal
    unreadable_cells: int


def read_quickly(path: Path, position: int, width: int) -> MoneyIn | None:
    """Sum the column at `position` of `width`; None where DuckDB cannot read the file."""
    columns = ", ".join(f"'c{place}': 'varchar'" for place in range(width))
    cell = f"c{position}"
    reader = duckdb.connect(config={"threads": 1, "memory_limit": _MEMORY})
    try:
        amount, magnitude, unreadable = reader.execute(f"""
            select coalesce(sum(amount), 0), coalesce(sum(abs(amount)), 0),
                count_if(amount is null and trim({cell}) not in ('', 'NULL'))
            from (
                select {cell}, try_cast({cell} as decimal(38, 6)) as amount
                from read_csv({literal(str(path))}, auto_detect = false,
                    compression = 'none', header = true,
                    delim = ',', quote = '"', escape = '"', columns = {{{columns}}})
            )
        """).fetchall()[0]
    except duckdb.Error:
        return None
    finally:
        reader.close()
    return MoneyIn(amount, magnitude, unreadable)


def read_exactly(
    path: Path,
    position: int,
    width: int,
    mapping: FileConfig,
    column: str,
    currency: str,
    unsplit_lines: Collection[int],
) -> MoneyIn:
    """Sum the column at `position`, leaving out `unsplit_lines`, which have no cells."""
    how = CellFormat(decimal=mapping.decimal, thousands=mapping.thousands, currency=currency)
    names = mapping.values.get(column, {})
    amount = magnitude = Decimal(0)
    unreadable = len(unsplit_lines)
    for row in _rows(path, unsplit_lines):
        if len(row) != width:
            unreadable += bool("".join(row).strip())
            continue
        cell = names.get(row[position], row[position])
        if is_empty(cell):
            continue
        try:
            value = read_money(cell, how)
        except Refused:
            unreadable += 1
            continue
        amount += value
        magnitude += abs(value)
    return MoneyIn(amount, magnitude, unreadable)


def _rows(path: Path, unsplit_lines: Collection[int]) -> Iterator[list[str]]:
    left_out = set(unsplit_lines)
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = (line for number, line in enumerate(file, start=1) if number not in left_out)
        rows = csv.reader(lines)
        next(rows, None)
        yield from rows
