"""The cells of a column that a cast cannot be trusted with, each distinct text read once."""

from typing import Any

import polars as pl

from pipeline.contracts.columns import ColumnSpec
from pipeline.ingest.cells import CellFormat, Refused, is_empty, read_cell
from pipeline.ingest.numbers import is_rounded

PROBLEMS = pl.Schema({
    "row": pl.UInt32(), "position": pl.UInt32(), "column": pl.String(), "value": pl.String(),
    "rule": pl.String(), "reason": pl.String(),
})  # fmt: skip


class DoubtfulCells:
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
        refusals = pl.DataFrame(
            {
                "value": list(self._refusals),
                "rule": [refusal.rule for refusal in self._refusals.values()],
                "reason": [f"{each.says} {each.remedy}" for each in self._refusals.values()],
            }
        )
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
        readable = (cell for cell in self._values if cell not in self._refusals)
        lossy = [cell for cell in readable if not is_empty(cell) and is_rounded(cell, how)]
        return self._places.filter(self._texts.is_in(lossy)).cast(pl.UInt32)
