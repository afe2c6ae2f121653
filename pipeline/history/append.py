"""Writes what a build adds to a book: under names nobody reads, until the build is served."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipeline.disk import sha256, synchronised
from pipeline.history.book import Book
from pipeline.history.facts import SOURCES
from pipeline.history.ledger import columns_of
from pipeline.history.pending import temporary
from pipeline.history.record import BACK_FILL, SUBJECTS, Record
from pipeline.meta import literal


@dataclass(frozen=True)
class Appendix:
    """What one build appends to its book.

    `rests_on` is the digest of the history in force once it is appended.
    """

    book: Book
    record: Record
    rests_on: str

    def write(self, con: duckdb.DuckDBPyConnection) -> None:
        """Write rows and record below temporary names; the loaded inputs must stand in `con`.

        A build that adds nothing writes nothing.
        """
        if not self.record.facts:
            return
        load_id, files = self.record.load_id, {}
        for subject in SUBJECTS:
            if any(fact.subject == subject for fact in self.record.facts):
                path = temporary(self.book.parquet_file(subject, load_id))
                path.parent.mkdir(parents=True, exist_ok=True)
                con.execute(self._copy(con, subject, path)).fetchall()
                synchronised(path)
                files[subject] = sha256(path)
        record = temporary(self.book.record_file(load_id))
        text = json.dumps(replace(self.record, files=files).to_json(), default=str, indent=1)
        record.write_text(text, encoding="utf-8")
        synchronised(record)

    def _copy(self, con: duckdb.DuckDBPyConnection, subject: str, path: Path) -> str:
        columns = ", ".join(f'stated."{name}"' for name, _ in columns_of(con, subject))
        parts = [
            f"select {literal(origin)} as origin, cast({day} as date) as as_of, {columns}"
            f" from raw.{source} as stated where {day} in ({days})"
            for origin, source, day, days in self._sources(subject)
        ]
        return (
            f"copy ({' union all '.join(parts)} order by origin, as_of, _line)"
            f" to {literal(str(path))} (format parquet, compression zstd)"
        )

    def _sources(self, subject: str) -> Iterator[tuple[str, str, str, str]]:
        """Per origin that adds something: its table, the expression of its day, and the days."""
        for (each, origin), source in SOURCES.items():
            days = [
                f"date {literal(str(fact.as_of))}"
                for fact in self.record.facts
                if (fact.subject, fact.origin) == (subject, origin)
            ]
            if each == subject and days:
                day = "stated.snapshot_date" if origin == BACK_FILL else days[0]
                yield origin, source, day, ", ".join(days)
