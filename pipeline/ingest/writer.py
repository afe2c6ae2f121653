"""Appending judged rows to the raw tables, in the portions the storage likes."""

from collections.abc import Iterator

import duckdb
import polars as pl

from pipeline.connection import beside
from pipeline.contracts.dataset import Dataset
from pipeline.ingest import quarantine
from pipeline.ingest.pieces import LINE
from pipeline.ingest.validate import FLAGS
from pipeline.meta import literal

ROW_GROUP = 122_880
"""Rows that DuckDB stores together. Portions of whole row groups are compressed once,
as they arrive; others are written twice, which costs half as much again."""

PORTION = ROW_GROUP


class Writer:
    """Writes one file's rows on a connection of its own, in the order given."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, dataset: Dataset, file: str, load_id: str
    ) -> None:
        self._con = beside(con)
        self._dataset = dataset.name
        self._file = file
        columns = ", ".join(f'"{column.name}"' for column in dataset.columns)
        self._insert = (
            f"insert into raw.{dataset.name} select {columns}, {literal(file)}, {LINE}, "
            f"{literal(load_id)}, {{flags}} from portion"
        )
        self._waiting: list[pl.DataFrame] = []

    def write(self, good: pl.DataFrame, *withheld: pl.DataFrame) -> None:
        """Take rows that load and rows that are withheld; the former may wait for more."""
        for rows in withheld:
            quarantine.store(self._con, self._dataset, self._file, rows)
        self._waiting.append(good)
        for portion in self._full_portions():
            self._append(portion)

    def finish(self) -> None:
        """Write what is still waiting, and close the connection."""
        if self._waiting:
            self._append(_joined(self._waiting))
        self._waiting = []
        self._con.close()

    def _full_portions(self) -> Iterator[pl.DataFrame]:
        rows = sum(frame.height for frame in self._waiting)
        if rows < PORTION:
            return
        frame = _joined(self._waiting)
        whole = rows - rows % ROW_GROUP
        self._waiting = [frame.slice(whole)] if whole < rows else []
        yield frame.slice(0, whole)

    def _append(self, portion: pl.DataFrame) -> None:
        if portion.is_empty():
            return
        self._con.register("portion", portion.rechunk())
        try:
            flags = FLAGS if FLAGS in portion.columns else "[]::varchar[]"
            self._con.execute(self._insert.format(flags=flags)).fetchall()
        finally:
            self._con.unregister("portion")


def _joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The frames below each other; where only some have flags, the others have none."""
    if len({FLAGS in frame.columns for frame in frames}) > 1:
        nothing = pl.lit([], pl.List(pl.String)).alias(FLAGS)
        frames = [f if FLAGS in f.columns else f.with_columns(nothing) for f in frames]
    return frames[0] if len(frames) == 1 else pl.concat(frames)
