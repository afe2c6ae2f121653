"""The files of earlier builds: read only if they are what their records say."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from pipeline.disk import sha256
from pipeline.history.book import Book, damaged
from pipeline.history.record import Record

_KEYS = {"origin": "VARCHAR", "as_of": "DATE"}


def verified_file(
    con: duckdb.DuckDBPyConnection,
    book: Book,
    record: Record,
    subject: str,
    columns: Iterable[tuple[str, str]],
) -> tuple[Path, tuple[str, ...]]:
    """The Parquet file of one record and subject, and which of `columns` it has.

    EnvironmentProblem when it is gone, was altered, or has another schema. A column that
    the contract gained later is not known for that day.
    """
    path = book.parquet_file(subject, record.load_id)
    if not path.is_file():
        raise damaged(path, "a file that the records name is gone")
    if sha256(path) != record.files[subject]:
        raise damaged(path, "a file is not as it was written")
    expected = dict(columns)
    found: Mapping[str, str] = {
        name: kind
        for name, kind, *_ in con.execute(
            "describe select * from read_parquet(?)", [str(path)]
        ).fetchall()
    }
    for name, kind in found.items():
        if {**_KEYS, **expected}.get(name) != kind:
            raise damaged(path, f"it has another schema: {name} is {kind.lower()}")
    return path, tuple(name for name in expected if name in found)
