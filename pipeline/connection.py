"""A second connection to the database that a first one works in."""

import duckdb


def beside(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A connection for another thread, with the same current database; the caller closes it."""
    [(database,)] = con.execute("select current_database()").fetchall()
    other = con.cursor()
    other.execute(f'use "{database}"').fetchall()
    return other
