"""Asks a metrics macro and compares its rows with expected ones."""

import math
from collections.abc import Mapping
from typing import Any

import duckdb

from tests.oracle_windows import Selection

PARAMETERS = ("since", "until", "segments", "channels", "regions", "campaigns", "owners", "by")
Rows = Mapping[str | None, Mapping[str, Any]]


def asked_of(con: duckdb.DuckDBPyConnection, macro: str, asked: Selection) -> Rows:
    """The macro's rows by slice, None for the total row."""
    given = {name: getattr(asked, name) for name in PARAMETERS}
    given = {name: value for name, value in given.items() if value is not None}
    call = ", ".join(f'"{name}" := ${name}' for name in given)
    cursor = con.execute(f"select * from {macro}({call})", given)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    answer = {None if row["is_total"] else row["slice"]: row for row in rows}
    assert len(answer) == len(rows), "a slice comes twice"
    assert all(row["slice"] is None for row in rows if row["is_total"])
    return answer


def assert_same(found: Rows, expected: Rows) -> None:
    """Every expected column of every row agrees, and there is no row too many."""
    assert set(found) == set(expected)
    for slice_, row in expected.items():
        for name, value in row.items():
            assert is_same(found[slice_][name], value), (
                f"{name} of {slice_ or 'the total'}: {found[slice_][name]}, expected {value}"
            )


def is_same(left: Any, right: Any) -> bool:
    """Equal, or numbers that differ by no more than floating point does."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(right, bool | str | list):
        return bool(left == right)
    return math.isclose(float(left), float(right), rel_tol=1e-6, abs_tol=1e-6)
