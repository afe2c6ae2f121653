"""One check of a build: its rule, what it tested, and the rows that break it."""

import tomllib
from dataclasses import dataclass

import polars as pl

from revops import books
from revops.macros import known
from revops.warehouse import Warehouse

CLASSES = {
    "error": "a build that breaks it is not published",
    "warning": "a build that breaks it is published, and says so",
}


@dataclass(frozen=True)
class Check:
    """A check as the build judged it.

    `tested` is a model whose rows were counted, or the statement that counts them; `reason`
    says why it did not apply.
    """

    name: str
    description: str
    severity: str
    status: str
    rows_tested: int
    rows_failed: int
    largest_gap: float | None
    reason: str
    tested: str
    remedy: str
    sql: str


def check(warehouse: Warehouse, name: str) -> Check:
    """The check of that name. Raises UnknownName for one that is not there."""
    judged = books.checks(warehouse)
    known("check", name, judged["name"].to_list())
    row = judged.row(by_predicate=pl.col("name") == name, named=True)
    header = _header(row["sql"])
    return Check(
        name=name,
        description=row["description"],
        severity=row["class"],
        status=row["status"],
        rows_tested=row["rows_tested"],
        rows_failed=row["rows_failed"],
        largest_gap=row["largest_gap"],
        reason=row["reason"] or "",
        tested=str(header.get("tested", "")),
        remedy=str(header.get("remedy", "")),
        sql=row["sql"].strip(),
    )


def rows(warehouse: Warehouse, name: str, limit: int = 1000) -> pl.DataFrame:
    """The rows that break it, asked of the build itself; none when it holds."""
    return books.check_rows(warehouse, name, limit)


def _header(sql: str) -> dict[str, object]:
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return {}
