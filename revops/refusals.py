"""DuckDB's refusals of a statement, said so that the caller sees what to change."""

import re
from difflib import get_close_matches

import duckdb

from revops.errors import QueryError, RevopsError, UnknownName

MACRO = re.compile(r"Macro (?:\w+\.)*(?P<name>\w+)\(\) does not support the supplied arguments")
CALL = r"(?P<schema>\w+)\s*\.\s*{name}\s*\((?P<arguments>[^()]*(?:\([^()]*\)[^()]*)*)\)"
ARGUMENT = re.compile(r'"?(\w+)"?\s*(?::=|=>)')


def explain(error: duckdb.Error, sql: str, cursor: duckdb.DuckDBPyConnection) -> RevopsError:
    """The same refusal in words that name the parameter, table or access at fault."""
    said = str(error)
    macro = MACRO.search(said)
    if macro:
        return _misspelt(macro["name"], sql, cursor) or QueryError(said, sql)
    if "excess parameters" in said:
        names = said.rsplit(":", 1)[-1].strip()
        return QueryError(f"Values were given that the SQL does not use: {names}.", sql)
    if "Values were not provided" in said:
        names = said.rsplit(":", 1)[-1].strip()
        return QueryError(f"The SQL needs values that were not given: {names}.", sql)
    if isinstance(error, duckdb.PermissionException) or "read-only mode" in said:
        return QueryError(
            "A warehouse can only be read, and no other file can be reached through it.",
            said.splitlines()[0],
            "Open the file with your own DuckDB client for anything else.",
        )
    if "configuration has been locked" in said:
        return QueryError("The settings of a warehouse connection are fixed.", sql)
    return QueryError(said, sql)


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
