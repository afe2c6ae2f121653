"""DuckDB's refusals of a statement, said so that the caller sees what to change."""

import re
from collections.abc import Collection
from difflib import get_close_matches

import duckdb

from revops.errors import QueryError, RevopsError, UnknownName, WarehouseDamaged

MACRO = re.compile(r"Macro (?:\w+\.)*(?P<name>\w+)\(\) does not support the supplied arguments")
MISSING = re.compile(r"Table Function with name (?:\w+\.)*(?P<name>\w+) does not exist")
CALL = r"(?P<schema>\w+)\s*\.\s*{name}\s*\((?P<arguments>[^()]*(?:\([^()]*\)[^()]*)*)\)"
DAMAGE = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
ARGUMENT = re.compile(r'"?(\w+)"?\s*(?::=|=>)')


def explain(error: duckdb.Error, sql: str, cursor: duckdb.DuckDBPyConnection) -> RevopsError:
    """The same refusal in words that name the parameter, table or access at fault."""
    said = str(error)
    macro = MACRO.search(said)
    if macro:
        return _misspelt(macro["name"], sql, cursor) or QueryError(said, sql)
    missing = MISSING.search(said)
    if missing:
        return _no_such_macro(missing["name"], sql, cursor)
    if isinstance(error, DAMAGE):
        return WarehouseDamaged(
            f"The file cannot be read in full: {said.splitlines()[0]}",
            sql,
            "Run make pipeline, or `python -m pipeline rollback` for the build before.",
        )
    if isinstance(error, duckdb.PermissionException) or "read-only mode" in said:
        return QueryError(
            "A warehouse can only be read, and no other file can be reached through it.",
            said.splitlines()[0],
            "Open the file with your own DuckDB client for anything else.",
        )
    if "configuration has been locked" in said:
        return QueryError("The settings of a warehouse connection are fixed.", sql)
    return QueryError(said, sql)


def check_values(sql: str, values: Collection[str], cursor: duckdb.DuckDBPyConnection) -> None:
    """Raise QueryError unless the SQL is one statement that uses exactly these values."""
    statements = cursor.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(f"Ask one statement at a time; these are {len(statements)}.", sql)
    wanted = statements[0].named_parameters
    if missing := sorted(wanted - set(values)):
        raise QueryError(f"The SQL needs values that were not given: {', '.join(missing)}.", sql)
    if extra := sorted(set(values) - wanted):
        raise QueryError(f"Values were given that the SQL does not use: {', '.join(extra)}.", sql)


def parameters_of(cursor: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[str]:
    """The named parameters of a table macro, in order; empty when there is no such macro."""
    rows = cursor.sql(
        "select parameters from duckdb_functions() where function_type = 'table_macro' "
        "and schema_name = $schema and function_name = $name",
        params={"schema": schema, "name": name},
    ).fetchall()
    return list(rows[0][0]) if rows else []


def suggestion(name: str, known: list[str]) -> str:
    """Did-you-mean and the whole list, for an error's last line."""
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"Did you mean {close[0]}? " if close else ""
    return f"{hint}Known: {', '.join(known)}." if known else "This warehouse has none."


def _no_such_macro(name: str, sql: str, cursor: duckdb.DuckDBPyConnection) -> UnknownName:
    found = cursor.sql(
        "select distinct schema_name || '.' || function_name from duckdb_functions() "
        "where function_type = 'table_macro' and not internal order by all"
    ).fetchall()
    macros = [row[0] for row in found]
    call = re.search(rf"(\w+)\s*\.\s*{re.escape(name)}\b", sql, re.IGNORECASE)
    asked = f"{call[1]}.{name}" if call else name
    return UnknownName(f"There is no table macro {asked}.", sql, suggestion(asked, macros))


def _misspelt(name: str, sql: str, cursor: duckdb.DuckDBPyConnection) -> UnknownName | None:
    call = re.search(CALL.format(name=re.escape(name)), sql, re.IGNORECASE)
    if not call:
        return None
    macro = f"{call['schema']}.{name}"
    known = parameters_of(cursor, call["schema"].lower(), name.lower())
    given = [argument.lower() for argument in ARGUMENT.findall(call["arguments"])]
    for argument in given:
        if argument not in known:
            return UnknownName(
                f"{macro} has no parameter {argument}.", sql, suggestion(argument, known)
            )
    return UnknownName(
        f"{macro} does not take these arguments.",
        sql,
        f"Give them by name, as in {macro}(since := DATE '2026-01-01'). Known: {', '.join(known)}.",
    )
