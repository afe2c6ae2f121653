"""The tables `raw.deal_ledger` and `raw.customer_ledger`: all that is known about every day."""

from collections.abc import Collection, Iterable

import duckdb
import polars as pl

from pipeline.history.book import Book
from pipeline.history.facts import SOURCES
from pipeline.history.record import BACK_FILL, CUSTOMERS, DEALS, SUBJECTS, Batch, Record
from pipeline.history.stored import verified_file
from pipeline.meta import create_tables, literal
from pipeline.meta_tables import Table

TABLES = {DEALS: "raw.deal_ledger", CUSTOMERS: "raw.customer_ledger"}
_CONTRACTS = {DEALS: "raw.pipeline_deals", CUSTOMERS: "raw.revenue_customers"}
_KNOWN = {
    "as_of": ("date", "The day whose end the row describes"),
    "known_at": ("bigint", "Number of the build, within its book, from which on this is known"),
    "known_as_of": ("date", "As-of date of that build"),
    "origin": ("varchar", "export: stated on the day itself; back-fill: from deal_history.csv"),
    "is_snapshot": ("boolean", "All of the day is listed: what is absent is gone, not unchanged"),
}
_HISTORY = Table(
    "meta.history",
    "What is known about which day. One row per subject, origin, day and build.",
    {
        "subject": ("varchar", "deals or customers"),
        **_KNOWN,
        "rows": ("bigint", "Rows stated; 0 takes back what was stated before"),
        "digest": ("varchar", "Digest of the rows, in any order"),
        "load_id": ("varchar", "The build that appended it to the history"),
        "is_heard": (
            "boolean",
            "Stands in the ledger: not corrected on the same as-of date, and "
            "of no day still to come",
        ),
    },
)
_KEY = ["subject", "origin", "as_of", "known_at"]
_DESCRIPTIONS = {
    DEALS: "Deals as stated for each day, by today's files and earlier builds. "
    "One row per day, origin, build from which on it is known, and deal.",
    CUSTOMERS: "Customers as stated for each day, by today's file and earlier builds. "
    "One row per day, build from which on it is known, and customer.",
}


def create_ledgers(con: duckdb.DuckDBPyConnection) -> None:
    """Create both, and meta.history, empty and commented; the tables of the inputs must stand."""
    create_tables(con, (_HISTORY,))
    for subject, table in TABLES.items():
        heading = ", ".join(f"cast(null as {kind}) as {name}" for name, (kind, _) in _KNOWN.items())
        statements = [
            f"create table {table} as select {heading}, * exclude (_flags)"
            f" from {_CONTRACTS[subject]} limit 0",
            f"comment on table {table} is {literal(_DESCRIPTIONS[subject])}",
            *(
                f"comment on column {table}.{name} is {literal(text)}"
                for name, (_, text) in _KNOWN.items()
            ),
        ]
        con.execute(";\n".join(statements)).fetchall()


def columns_of(con: duckdb.DuckDBPyConnection, subject: str) -> list[tuple[str, str]]:
    """Name and type of what a ledger row states, and where it was read: the Parquet columns."""
    described = con.execute(f"describe {TABLES[subject]}").fetchall()
    return [(name, kind) for name, kind, *_ in described if name not in _KNOWN]


def describe(
    con: duckdb.DuckDBPyConnection, known: Iterable[Batch], heard: Collection[Batch]
) -> None:
    """List in meta.history all facts in force, and which of them stand in the ledgers."""
    frame = _frame(known).join(
        _frame(heard).select(*_KEY, pl.lit(True).alias("is_heard")), on=_KEY, how="left"
    )
    _with_frame(
        con,
        frame.with_columns(pl.col("is_heard").fill_null(False)),
        "insert into meta.history by name select * from batches",
    )


def fill_from_inputs(con: duckdb.DuckDBPyConnection, heard: Collection[Batch]) -> None:
    """Append what the loaded inputs state, for those facts that `heard` names."""
    for (subject, origin), source in SOURCES.items():
        day = "stated.snapshot_date" if origin == BACK_FILL else "batches.as_of"
        chosen = [batch for batch in heard if batch.fact.key[:2] == (subject, origin)]
        columns = ", ".join(f'stated."{name}"' for name, _ in columns_of(con, subject))
        _with_frame(
            con,
            _frame(chosen),
            f"insert into {TABLES[subject]} select {_known()}, {columns}"
            f" from raw.{source} as stated inner join batches on batches.as_of = {day}",
        )


def fill_from_book(
    con: duckdb.DuckDBPyConnection,
    book: Book,
    records: Iterable[Record],
    heard: Collection[Batch],
) -> None:
    """Append what earlier builds stated, for those facts that `heard` names.

    EnvironmentProblem when a file of the book is not what its record says.
    """
    for record in records:
        for subject in SUBJECTS:
            chosen = [
                batch
                for batch in heard
                if (batch.load_id, batch.fact.subject) == (record.load_id, subject)
            ]
            if chosen:
                path, found = verified_file(con, book, record, subject, columns_of(con, subject))
                columns = ", ".join(f'stated."{name}"' for name in found)
                _with_frame(
                    con,
                    _frame(chosen),
                    f"insert into {TABLES[subject]} by name select {_known()}, {columns}"
                    f" from read_parquet({literal(str(path))}) as stated inner join batches"
                    " on stated.origin = batches.origin and stated.as_of = batches.as_of",
                )


def _known() -> str:
    return ", ".join(f"batches.{name}" for name in _KNOWN)


def _frame(batches: Iterable[Batch]) -> pl.DataFrame:
    """One row per fact: the columns of meta.history but the last."""
    rows = [
        (*batch.fact.key, batch.known_at, batch.known_as_of, batch.fact.is_snapshot,
         batch.fact.rows, batch.fact.digest, batch.load_id)
        for batch in batches
    ]  # fmt: skip
    schema = {
        "subject": pl.String, "origin": pl.String, "as_of": pl.Date, "known_at": pl.Int64,
        "known_as_of": pl.Date, "is_snapshot": pl.Boolean, "rows": pl.Int64,
        "digest": pl.String, "load_id": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _with_frame(con: duckdb.DuckDBPyConnection, frame: pl.DataFrame, statement: str) -> None:
    con.register("batches", frame)
    try:
        con.execute(statement).fetchall()
    finally:
        con.unregister("batches")
