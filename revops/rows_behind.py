"""The rows a number comes from: page by page, and worked out again from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

import polars as pl

from revops.statements import Statement
from revops.warehouse import Warehouse

# sums of doubles may differ in their last digits with the order of the rows
CLOSE = 1e-9


@dataclass(frozen=True)
class Proof:
    """One number worked out again from the rows behind it.

    `formula` says how, over the columns of the rows; `sums` are those columns added up.
    """

    value: Any
    rows: int
    formula: str
    sums: Mapping[str, Any]
    recomputed: Any
    sql: str

    @property
    def is_sum(self) -> bool:
        """The number is the sum of one column."""
        return self.formula in {f"sum({name})" for name in self.sums}

    @property
    def agrees(self) -> bool:
        """The rows lead to the number; where there are none, it is 0 or not known."""
        if self.value is None or self.recomputed is None:
            return not self.value and not self.recomputed
        return isclose(float(self.value), float(self.recomputed), rel_tol=CLOSE, abs_tol=CLOSE)


@dataclass(frozen=True)
class Page:
    """Some of the rows: `first` and `last` count from 1 among all `rows`."""

    frame: pl.DataFrame
    number: int
    pages: int
    first: int
    last: int
    rows: int

    @property
    def previous(self) -> int:
        """The number of the page before."""
        return max(1, self.number - 1)

    @property
    def following(self) -> int:
        """The number of the page after."""
        return min(self.pages, self.number + 1)

    @property
    def has_previous(self) -> bool:
        """There is a page before this one."""
        return self.previous != self.number

    @property
    def has_following(self) -> bool:
        """There is a page after this one."""
        return self.following != self.number


@dataclass(frozen=True)
class RowsBehind:
    """Where the rows behind a number are, and how it follows from them.

    `source` is the call that gives them, `formula` works the number out of `columns`, which
    are empty where no rows are kept, and `words` are the columns that say which row it is.
    """

    source: Statement
    formula: str
    columns: tuple[str, ...]
    words: tuple[str, ...]

    def proof(self, warehouse: Warehouse, value: Any) -> Proof | None:
        """A number beside what its rows come to; None when no rows of it are kept."""
        if not self.columns:
            return None
        asked = self._sums()
        found = warehouse.query(asked.text, asked.params).row(0, named=True)
        return Proof(
            value=value,
            rows=found["rows"],
            formula=self.formula,
            sums={name: found[name] for name in self.columns},
            recomputed=found["recomputed"],
            sql=asked.literal(),
        )

    def page(self, warehouse: Warehouse, number: int = 1, size: int = 10) -> Page:
        """A page of the rows; a number beyond the last page is the last page."""
        asked = self._sums()
        count = int(warehouse.query(asked.text, asked.params)["rows"].item())
        pages = max(1, -(-count // size))
        number = min(max(1, number), pages)
        skip = (number - 1) * size
        frame = self.rows(warehouse, size, skip)
        return Page(frame, number, pages, min(skip + 1, count), skip + frame.height, count)

    def rows(self, warehouse: Warehouse, limit: int | None = None, offset: int = 0) -> pl.DataFrame:
        """The rows: file and line, which row it is, and what it adds."""
        asked = self._rows()
        return warehouse.query(
            f"{asked.text} limit $most offset $skip",
            {**asked.params, "most": limit, "skip": offset},
        )

    def sql(self) -> str:
        """The statement behind `rows` with the values written out, to paste into DuckDB."""
        return self._rows().literal()

    def _rows(self) -> Statement:
        return self._kept(", ".join((*self.words, *self.columns)))

    def _sums(self) -> Statement:
        sums = ", ".join(f"sum({name}) as {name}" for name in self.columns)
        return self._kept(f"count(*) as rows, {self.formula} as recomputed, {sums}")

    def _kept(self, shown: str) -> Statement:
        kept = " or ".join(f"{column} is not null" for column in self.columns)
        text = f"select {shown} from {self.source.text} where {kept}"
        return Statement(text, self.source.params)
