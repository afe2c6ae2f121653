"""The tables in which a warehouse tells about itself: made first, filled as the build goes."""

import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import duckdb

from pipeline import digest
from pipeline.meta_tables import TABLES, Table
from pipeline.policy import CLOSED_STAGES, Policy

SCHEMAS = (
    "raw", "meta", "quarantine", "staging", "intermediate", "marts", "metrics", "reports", "checks",
)  # fmt: skip
ROWS_AT_ONCE = 100


@dataclass(frozen=True)
class BuildFacts:
    """What a build knows of itself once its inputs are read."""

    load_id: str
    as_of: date
    as_of_source: str
    built_at: datetime
    inputs_digest: str


def create_schemas(con: duckdb.DuckDBPyConnection) -> None:
    """Create the schema of every layer in the current database."""
    con.execute(";".join(f"create schema {schema}" for schema in SCHEMAS)).fetchall()


def create_tables(con: duckdb.DuckDBPyConnection, tables: Iterable[Table] = TABLES) -> None:
    """Create the meta tables that the load has not made already; comment on all of them."""
    statements: list[str] = []
    for table in tables:
        columns = ", ".join(f'"{name}" {kind}' for name, (kind, _) in table.columns.items())
        statements.append(f"create table if not exists {table.name} ({columns})")
        statements.append(f"comment on table {table.name} is {literal(table.description)}")
        for name, (_, text) in table.columns.items():
            statements.append(f'comment on column {table.name}."{name}" is {literal(text)}')
    con.execute(";\n".join(statements)).fetchall()


def fill(con: duckdb.DuckDBPyConnection, facts: BuildFacts, policy: Policy) -> None:
    """Store the build's own row, the policies in force and the ordered members."""
    insert(con, "meta.build", [[
        facts.load_id, facts.as_of, facts.as_of_source, facts.built_at, facts.inputs_digest,
        digest.project_version(),
        *(digest.library_version(name) for name in ("duckdb", "polars", "pandera")),
        platform.python_version(), policy.currency, policy.book,
        mrr_source(con),
    ]])  # fmt: skip
    insert(con, "meta.policy", policy.rows())
    insert(con, "meta.members", _members(policy))


def mrr_source(con: duckdb.DuckDBPyConnection) -> str:
    """Where MRR comes from, best first: the ledger, customer files of two months, today's file.

    Two files of one month have no month's end between them: they are as good as one.
    """
    [(has_ledger, months)] = con.execute(
        "select (select coalesce(bool_or(is_present), false) from meta.loads"
        " where dataset = 'subscriptions'),"
        " (select count(distinct date_trunc('month', as_of)) from meta.history"
        " where subject = 'customers' and is_heard)"
    ).fetchall()
    if has_ledger:
        return "subscriptions"
    return "snapshots" if months > 1 else "one_snapshot"


def _members(policy: Policy) -> Iterator[tuple[str, str, int]]:
    """The closed stages come after every open one: a deal ends there."""
    for position, segment in enumerate(policy.segments, 1):
        yield "segment", segment, position
    for position, stage in enumerate((*policy.stages, *CLOSED_STAGES), 1):
        yield "stage", stage, position


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Iterable[object]]) -> None:
    """Append `rows`, whose values stand in the order of the table's columns."""
    every = iter([list(row) for row in rows])
    # a statement for each row would cost more than all their values
    while some := list(islice(every, ROWS_AT_ONCE)):
        row = f"({', '.join('?' * len(some[0]))})"
        values = [value for one in some for value in one]
        con.execute(f"insert into {table} values {', '.join([row] * len(some))}", values)


def literal(text: str) -> str:
    """`text` as an SQL literal, where DuckDB takes no parameter."""
    return "'" + text.replace("'", "''") + "'"
