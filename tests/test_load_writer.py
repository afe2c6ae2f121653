"""Writing in portions: whole row groups first, nothing lost, order and flags kept."""

import polars as pl
import pytest

from pipeline.contracts import DATASETS
from pipeline.ingest import writer as module
from pipeline.ingest.tables import create_raw_table
from pipeline.ingest.typing import TYPES
from pipeline.ingest.validate import WITHHELD
from pipeline.meta import create_tables
from tests.loading import database

FINANCE = DATASETS["finance"]


def rows(first: int, count: int, *, flagged: bool) -> pl.DataFrame:
    frame = pl.DataFrame({
        **{c.name: pl.Series([None] * count, dtype=TYPES[c.kind]) for c in FINANCE.columns},
        "_line": range(first, first + count),
    })  # fmt: skip
    return frame.with_columns(pl.lit(["odd"]).alias("_flags")) if flagged else frame


def test_portions_are_whole_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROW_GROUP", 4)
    monkeypatch.setattr(module, "PORTION", 4)
    con = database()
    create_tables(con)
    create_raw_table(con, FINANCE)
    writer = module.Writer(con, FINANCE, "finance.csv", "L")
    portions: list[int] = []
    append = writer._append
    monkeypatch.setattr(
        writer, "_append", lambda portion: (portions.append(portion.height), append(portion))
    )
    nothing = pl.DataFrame(schema=WITHHELD)
    for first, count, flagged in ((2, 3, False), (5, 6, True), (11, 1, False), (12, 0, False)):
        writer.write(rows(first, count, flagged=flagged), nothing)
    writer.finish()
    assert portions == [8, 2]
    found = con.execute("select _line, _flags, _file, _load_id from raw.finance").fetchall()
    assert found == [
        (line, ["odd"] if 5 <= line < 11 else [], "finance.csv", "L") for line in range(2, 12)
    ]
