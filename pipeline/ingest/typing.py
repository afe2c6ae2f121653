"""From columns of text to typed columns, strictly and quickly.

Each column is cast as a whole, then the cells in which the cast may have lost or
gained something are found: those, once per distinct text, are read by `cells`. The
casts of polars are lenient in places ("+5", "1e5" as money, "2026- 3-04" as a date);
every such form is among the cells looked at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec, Kind
from pipeline.ingest.cell_format import CellFormat
from pipeline.ingest.doubtful import PROBLEMS, DoubtfulCells
from pipeline.ingest.pieces import LINE

TYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(), "integer": pl.Int64(), "number": pl.Float64(),
    "money": pl.Decimal(18, 6), "date": pl.Date(), "flag": pl.Boolean(),
}  # fmt: skip
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_FIRST, _LAST = pl.date(1900, 1, 1), pl.date(2199, 12, 31)


@dataclass(frozen=True)
class TypedBatch:
    """Rows with typed columns in the contract's order, and `_line`.

    `problems` (PROBLEMS) has one row per cell that could not be read, `row` being the
    place in `frame`, whose cell is null there. `rounded` are the places of rows in
    which an amount lost decimals beyond the sixth.
    """

    frame: pl.DataFrame
    problems: pl.DataFrame
    rounded: pl.Series


class Typist:
    """Types the batches of one file. `members` are the allowed values per text column."""

    def __init__(
        self,
        columns: tuple[ColumnSpec, ...],
        mapping: FileConfig,
        currency: str,
        members: Mapping[str, tuple[str, ...]],
        inclusive_end: str | None = None,
    ) -> None:
        self._columns = columns
        self._mapping = mapping
        self._inclusive_end = inclusive_end if mapping.end_is_inclusive else None
        self._formats = {
            column.name: CellFormat(
                date_format=mapping.date_format,
                decimal=mapping.decimal,
                thousands=mapping.thousands,
                currency=currency,
                members=tuple(members.get(column.name, ())),
            )
            for column in columns
        }

    def type(self, text: pl.DataFrame) -> TypedBatch:
        """Type a batch of text; columns the file lacks become all null."""
        # a reader's frame comes in many small chunks, over which every step is slower
        text = self._mapped(text).rechunk()
        present = [column for column in self._columns if column.name in text.columns]
        casts = {each.name: _quick_cast(each, self._formats[each.name]) for each in present}
        quick = text.select(cast.alias(_typed(name)) for name, cast in casts.items())
        both = text.hstack(quick)
        doubts = {each.name: self._doubt(each, text) for each in present}
        is_doubtful = both.select(doubt.any().alias(name) for name, doubt in doubts.items())
        frame: dict[str, pl.Series] = {}
        problems, rounded = [], []
        for position, column in enumerate(self._columns):
            name = column.name
            if name not in casts:
                frame[name] = pl.Series([None], dtype=TYPES[column.kind]).new_from_index(
                    0, text.height
                )
                continue
            frame[name] = quick[_typed(name)].alias(name)
            if is_doubtful[name][0]:
                doubtful = both.select(doubts[name]).to_series()
                cells = DoubtfulCells(text[name], doubtful, column, self._formats[name])
                frame[name] = cells.correct(frame[name])
                problems.append(cells.problems(position))
                rounded.append(cells.rounded)
        frame[LINE] = text[LINE]
        return TypedBatch(
            frame=self._with_exclusive_end(pl.DataFrame(frame)),
            problems=pl.concat(problems) if problems else pl.DataFrame(schema=PROBLEMS),
            rounded=pl.concat(rounded).unique() if rounded else pl.Series(dtype=pl.UInt32),
        )

    def _mapped(self, text: pl.DataFrame) -> pl.DataFrame:
        """The file's own values under our names, where the configuration maps them."""
        mapped = {
            name: values for name, values in self._mapping.values.items() if name in text.columns
        }
        return text.with_columns(pl.col(name).replace(dict(v)) for name, v in mapped.items())

    def _with_exclusive_end(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self._inclusive_end is None:
            return frame
        return frame.with_columns(pl.col(self._inclusive_end).dt.offset_by("1d"))

    def _doubt(self, column: ColumnSpec, text: pl.DataFrame) -> pl.Expr:
        """Whether the cast of a cell may have lost or gained something."""
        how = self._formats[column.name]
        cell, typed = pl.col(column.name), pl.col(_typed(column.name))
        if column.kind == "text":
            if how.members:
                return ~cell.is_in(how.members)
            return (cell < "!") | (cell > "~") | (cell == "NULL")
        if not _is_cast(column.kind, how):
            return cell != ""
        lost = typed.is_null() & (cell != "")
        if column.kind == "integer":
            return lost | cell.str.starts_with("+")
        if column.kind == "number":
            return lost | ~typed.is_finite() | (typed == 0) | cell.str.starts_with("+")
        if column.kind == "money":
            return lost | cell.str.contains(rf"[eE+]|{re.escape(how.decimal)}[0-9]{{7}}")
        distinct = text[column.name].unique()
        odd = distinct.filter(~distinct.str.contains(_ISO)).to_list()
        lost = lost | ~typed.is_between(_FIRST, _LAST)
        return lost | cell.is_in(odd) if odd else lost


def _typed(name: str) -> str:
    return f"{name} typed"


def _is_cast(kind: Kind, how: CellFormat) -> bool:
    """Whether a column of this kind is cast at all, and not read cell by cell."""
    return kind != "flag" and (kind != "date" or how.date_format is None)


def _quick_cast(column: ColumnSpec, how: CellFormat) -> pl.Expr:
    """The whole column cast at once; null where the cast fails, or cannot be used."""
    cell = pl.col(column.name)
    if column.kind == "text":
        return cell
    if not _is_cast(column.kind, how):
        return pl.repeat(None, pl.len(), dtype=TYPES[column.kind])
    if column.kind == "date":
        return cell.str.to_date("%Y-%m-%d", strict=False)
    if how.thousands is not None or how.decimal != ".":
        cell = _without_separators(cell, column.kind, how)
    return cell.cast(TYPES[column.kind], strict=False)


def _without_separators(cell: pl.Expr, kind: Kind, how: CellFormat) -> pl.Expr:
    """Numbers whose separators stand rightly, as "1234.5"; null for all other cells."""
    decimals = "" if kind == "integer" else rf"(?:{re.escape(how.decimal)}[0-9]+)?"
    whole = "[0-9]+"
    if how.thousands is not None:
        whole = rf"(?:[0-9]{{1,3}}(?:{re.escape(how.thousands)}[0-9]{{3}})+|{whole})"
        plain = cell.str.replace_all(how.thousands, "", literal=True)
    else:
        plain = cell
    plain = plain.str.replace(how.decimal, ".", literal=True)
    return pl.when(cell.str.contains(f"^-?{whole}{decimals}$")).then(plain)
