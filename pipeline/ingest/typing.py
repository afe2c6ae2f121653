"""From columns of text to typed columns, strictly and quickly.

Each column is cast as a whole, then the cells in which the cast may have lost or
gained something are found: those, once per distinct text, are read by `cells`. The
casts of polars are lenient in places ("+5", "1e5" as money, "2026- 3-04" as a date);
every such form is among the cells looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec, Kind
from pipeline.ingest.cells import CellFormat, Refused, is_rounded, read_cell
from pipeline.ingest.pieces import LINE

TYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(), "integer": pl.Int64(), "number": pl.Float64(),
    "money": pl.Decimal(18, 6), "date": pl.Date(), "flag": pl.Boolean(),
}  # fmt: skip
PROBLEMS = pl.Schema({
    "row": pl.UInt32(), "position": pl.UInt32(), "column": pl.String(), "value": pl.String(),
    "rule": pl.String(), "reason": pl.String(),
})  # fmt: skip
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
        text = self._mapped(text)
        quick = text.select(
            expression
            for column in self._columns
            if column.name in text.columns
            for expression in self._quick(column, text)
        )
        frame: dict[str, pl.Series] = {}
        problems, rounded = [], []
        for position, column in enumerate(self._columns):
            if column.name not in text.columns:
                frame[column.name] = pl.Series([None], dtype=TYPES[column.kind]).new_from_index(
                    0, text.height
                )
                continue
            typed = quick[column.name]
            doubtful = quick[f"{column.name}?"]
            if doubtful.any():
                cells = _Cells(text[column.name], doubtful, column, self._formats[column.name])
                typed = cells.correct(typed)
                problems.append(cells.problems(position))
                rounded.append(cells.rounded)
            frame[column.name] = typed
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

    def _quick(self, column: ColumnSpec, text: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
        """The cast of a column, and which of its cells deserve a closer look."""
        how = self._formats[column.name]
        typed, doubtful = _quick_cast(column.kind, text[column.name], how)
        return typed.alias(column.name), doubtful.alias(f"{column.name}?")


def _quick_cast(kind: Kind, text: pl.Series, how: CellFormat) -> tuple[pl.Expr, pl.Expr]:
    cell = pl.col(text.name)
    if kind == "text":
        if how.members:
            return cell, ~cell.is_in(how.members)
        return cell, (cell < "!") | (cell > "~") | (cell == "NULL")
    has_own_form = how.decimal != "." or how.thousands is not None
    if kind == "flag" or (kind == "date" and how.date_format) or (kind != "date" and has_own_form):
        return pl.lit(None, TYPES[kind]), cell.is_not_null()
    if kind == "date":
        distinct = text.unique()
        odd = distinct.filter(~distinct.str.contains(_ISO)).to_list()
        typed = cell.str.to_date("%Y-%m-%d", strict=False)
        is_out = ~typed.is_between(_FIRST, _LAST)
        lost = typed.is_null() | is_out
        return typed, (lost | cell.is_in(odd)) if odd else lost
    typed = cell.cast(TYPES[kind], strict=False)
    lost = typed.is_null() & (cell != "")
    if kind == "integer":
        return typed, lost | cell.str.starts_with("+")
    if kind == "number":
        return typed, lost | ~typed.is_finite() | (typed == 0) | cell.str.starts_with("+")
    return typed, lost | cell.str.contains(r"[eE+]|\.[0-9]{7}")


class _Cells:
    """The doubtful cells of one column, each distinct text read once."""

    def __init__(
        self, text: pl.Series, doubtful: pl.Series, column: ColumnSpec, how: CellFormat
    ) -> None:
        self._column = column
        self._places = doubtful.fill_null(True).arg_true()
        self._texts = text.gather(self._places)
        self._values: dict[str, Any] = {}
        self._refusals: dict[str, Refused] = {}
        for cell in self._texts.unique().to_list():
            try:
                self._values[cell] = read_cell(column.kind, cell, how)
            except Refused as refusal:
                self._values[cell] = None
                self._refusals[cell] = refusal
        self.rounded = self._rounded(how)

    def correct(self, typed: pl.Series) -> pl.Series:
        """The column with the exact values in place of the doubtful ones."""
        values = self._texts.replace_strict(
            list(self._values),
            pl.Series(list(self._values.values()), dtype=typed.dtype),
            return_dtype=typed.dtype,
        )
        return typed.clone().scatter(self._places, values)

    def problems(self, position: int) -> pl.DataFrame:
        """One row per refused cell (PROBLEMS)."""
        name = self._column.name
        if not self._refusals:
            return pl.DataFrame(schema=PROBLEMS)
        refusals = pl.DataFrame({
            "value": list(self._refusals),
            "rule": [refusal.rule for refusal in self._refusals.values()],
            "reason": [f"{each.says} {each.remedy}" for each in self._refusals.values()],
        })
        cells = pl.DataFrame({"row": self._places, "value": self._texts})
        return cells.join(refusals, on="value").select(
            pl.col("row").cast(pl.UInt32),
            pl.lit(position, pl.UInt32).alias("position"),
            pl.lit(name).alias("column"),
            "value", "rule", "reason",
        )  # fmt: skip

    def _rounded(self, how: CellFormat) -> pl.Series:
        if self._column.kind != "money":
            return pl.Series(dtype=pl.UInt32)
        lossy = [c for c in self._values if c not in self._refusals and is_rounded(c, how)]
        return self._places.filter(self._texts.is_in(lossy)).cast(pl.UInt32)
