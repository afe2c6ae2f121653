"""Reads off the loaded inputs what they state about which day."""

from collections.abc import Iterable, Iterator
from datetime import date

import duckdb

from pipeline.history.record import BACK_FILL, CUSTOMERS, DEALS, EXPORT, Fact

SOURCES = {
    (DEALS, EXPORT): "pipeline_deals",
    (CUSTOMERS, EXPORT): "revenue_customers",
    (DEALS, BACK_FILL): "deal_history",
}
# What a build adds to a row says where it came from, and is no part of what it states.
NOTHING = "0"


def present_facts(
    con: duckdb.DuckDBPyConnection, as_of: date, kind: str, earlier: Iterable[Fact] = ()
) -> tuple[Fact, ...]:
    """The facts of the inputs in `raw`: two exports, and one back-fill per day.

    `kind` is that of deal_history. `earlier` are the facts in force: a day that an
    earlier back-fill spoke of, within the days of this one, and this one leaves out, is
    taken back by a fact of no rows.
    """
    facts = [
        Fact(subject, EXPORT, as_of, True, *_contents(con, f"raw.{SOURCES[subject, EXPORT]}"))
        for subject in (DEALS, CUSTOMERS)
    ]
    back_fill = list(_back_fill(con, kind == "snapshots"))
    return (*facts, *back_fill, *_taken_back(back_fill, earlier))


def statement_columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a raw table that state something, in their order."""
    columns = [row[0] for row in con.execute(f"describe {table}").fetchall()]
    return [column for column in columns if not column.startswith("_")]


def _contents(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    [(rows, digest)] = con.execute(
        f"select count(*), {_digest(statement_columns(con, table))} from {table}"
    ).fetchall()
    return rows, digest


def _back_fill(con: duckdb.DuckDBPyConnection, is_snapshot: bool) -> Iterator[Fact]:
    table = f"raw.{SOURCES[DEALS, BACK_FILL]}"
    columns = [name for name in statement_columns(con, table) if name != "snapshot_date"]
    for day, rows, digest in con.execute(
        f"select snapshot_date, count(*), {_digest(columns)} from {table}"
        " group by snapshot_date order by snapshot_date"
    ).fetchall():
        yield Fact(DEALS, BACK_FILL, day, is_snapshot, rows, digest)


def _taken_back(stated: list[Fact], earlier: Iterable[Fact]) -> Iterator[Fact]:
    if not stated:
        return
    days = {fact.as_of for fact in stated}
    first, last = min(days), max(days)
    for fact in earlier:
        is_within = first <= fact.as_of <= last and fact.as_of not in days
        if fact.origin == BACK_FILL and is_within:
            yield Fact(DEALS, BACK_FILL, fact.as_of, stated[0].is_snapshot, 0, NOTHING)


def _digest(columns: list[str]) -> str:
    """Rows are unique by their key, so that their digests can be combined in any order."""
    cells = (f'cast("{column}" as varchar)' for column in columns)
    row = " || ',' || ".join(f"coalesce(length({cell}) || ':' || {cell}, '-')" for cell in cells)
    return f"coalesce(cast(bit_xor(md5_number({row})) as varchar), '{NOTHING}')"
