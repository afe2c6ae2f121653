"""The tables `raw.deal_ledger` and `raw.customer_ledger`: all that is known about every day."""

from collections.abc import Sequence

import duckdb

from pipeline.history.facts import SOURCES
from pipeline.history.record import BACK_FILL, CUSTOMERS, DEALS, Batch
from pipeline.meta import Table, create_tables, insert, literal

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
    },
)
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


def fill_from_inputs(con: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> None:
    """Append what the loaded inputs state, for those days that `batches` name."""
    _describe(con, batches)
    for (subject, origin), source in SOURCES.items():
        columns = ", ".join(f'stated."{name}"' for name, _ in columns_of(con, subject))
        day = "stated.snapshot_date" if origin == BACK_FILL else "history.as_of"
        known = ", ".join(f"history.{name}" for name in _KNOWN)
        con.execute(
            f"insert into {TABLES[subject]} select {known}, {columns}"
            f" from raw.{source} as stated inner join meta.history as history"
            f" on history.as_of = {day}"
            " where history.subject = ? and history.origin = ?",
            [subject, origin],
        ).fetchall()


def _describe(con: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> None:
    rows = [
        [
            batch.fact.subject, batch.fact.as_of, batch.known_at, batch.known_as_of,
            batch.fact.origin, batch.fact.is_snapshot, batch.fact.rows, batch.fact.digest,
            batch.load_id,
        ]
        for batch in batches
    ]  # fmt: skip
    insert(con, "meta.history", rows)
