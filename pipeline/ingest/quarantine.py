"""Rows withheld from the numbers: kept whole, counted, and refused when too many."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import polars as pl

from pipeline.errors import InputError
from pipeline.ingest.pieces import LINE
from pipeline.ingest.problems import RowProblem
from pipeline.ingest.source import CsvSource
from pipeline.ingest.validate import WITHHELD

ALWAYS_TOLERATED = 5
_RULES_SHOWN = 10
_SHOWN = 80


@dataclass(frozen=True)
class Withheld:
    """What was withheld of one file, against what is tolerated."""

    dataset: str
    file: str
    rows: int
    rows_read: int
    magnitude: Decimal
    magnitude_read: Decimal
    tolerated_share: float
    fails_builds: bool = True

    def complaint(self, strict: bool) -> str | None:
        """Why the build must fail, None when this much is tolerated."""
        if not self.rows:
            return None
        if strict:
            return (
                f"{self.rows} of {self.rows_read} rows break the contract, and --strict allows none"
            )
        if not self.fails_builds:
            return None
        allowed = max(ALWAYS_TOLERATED, self.tolerated_share * self.rows_read)
        if self.rows > allowed:
            return (
                f"{self.rows} of {self.rows_read} rows break the contract; "
                f"{int(allowed)} are tolerated"
            )
        if self.rows * 2 > self.rows_read:
            return (
                f"{self.rows} of {self.rows_read} rows break the contract, more than half the file"
            )
        if self.magnitude > Decimal(str(self.tolerated_share)) * self.magnitude_read:
            return (
                f"{self.magnitude:,.2f} of {self.magnitude_read:,.2f} in money stand in rows that "
                f"break the contract; {self.tolerated_share:.2%} is tolerated"
            )
        return None


def unsplit_rows(problems: Sequence[RowProblem]) -> pl.DataFrame:
    """Rows that could not be split into columns, as WITHHELD."""
    return pl.DataFrame(
        [(p.line, p.column, p.value, p.rule, p.reason, p.raw_row) for p in problems],
        schema=WITHHELD,
        orient="row",
    )


def store(con: duckdb.DuckDBPyConnection, dataset: str, file: str, withheld: pl.DataFrame) -> None:
    """Append withheld rows (WITHHELD) to quarantine.rows."""
    if withheld.is_empty():
        return
    con.register("withheld", withheld)
    try:
        con.execute(
            "insert into quarantine.rows select ?, ?, line, column_name, value, rule, reason, "
            "raw_row from withheld",
            [dataset, file],
        ).fetchall()
    finally:
        con.unregister("withheld")


def withdraw(
    con: duckdb.DuckDBPyConnection,
    source: CsvSource,
    money_column: str | None,
    findings: pl.DataFrame,
) -> tuple[Decimal, Decimal]:
    """Move loaded lines to the quarantine; their text is read from the file again.

    Returns the money of these lines: its sum and the sum of its absolute values.
    """
    raw_rows = _raw_rows(source, findings["line"])
    withheld = findings.join(raw_rows, on="line", how="left").select(WITHHELD.names())
    store(con, source.dataset, source.path.name, withheld)
    table, cell = f"raw.{source.dataset}", f'"{money_column}"' if money_column else "0"
    con.register("findings", findings.select("line"))
    try:
        amounts = con.execute(
            f"select coalesce(sum({cell}), 0), coalesce(sum(abs({cell})), 0) from {table} "
            "where _line in (select line from findings)"
        ).fetchall()[0]
        con.execute(f"delete from {table} where _line in (select line from findings)").fetchall()
    finally:
        con.unregister("findings")
    return Decimal(amounts[0]), Decimal(amounts[1])


def _raw_rows(source: CsvSource, lines: pl.Series) -> pl.DataFrame:
    found: list[tuple[int, str]] = []
    wanted = lines.implode()
    for batch in source.batches():
        numbers = batch.frame[LINE]
        places = numbers.is_in(wanted).arg_true().to_list()
        found += zip(numbers.gather(places).to_list(), batch.raw_rows(places), strict=True)
        if len(found) == len(lines):
            break
    return pl.DataFrame(found, schema={"line": pl.Int64, "raw_row": pl.String}, orient="row")


def refuse_if_too_many(
    con: duckdb.DuckDBPyConnection, files: Sequence[Withheld], strict: bool
) -> None:
    """InputError when a file holds more bad rows than is tolerated, telling the first few."""
    complaints = [(each, text) for each in files if (text := each.complaint(strict))]
    if not complaints:
        return
    what = "\n".join(f"{each.file}: {text}." for each, text in complaints)
    where = "\n".join(_examples(con, each) for each, _ in complaints)
    raise InputError(
        what,
        where.lstrip(),
        "correct the rows in the source; what is merely written differently is mapped in "
        "revops.toml (date_format, decimal, thousands, columns, values); tolerated_share in "
        "[files.<dataset>] allows more",
    )


def _examples(con: duckdb.DuckDBPyConnection, each: Withheld) -> str:
    """Per rule and column the first row with its value and remedy, and where more are."""
    broken = con.execute(
        """
        select rule, column_name, count(*) as row_count, min(line) as first_line,
            min_by(value, line), min_by(reason, line), list(line order by line)[2:6]
        from quarantine.rows
        where dataset = ?
        group by rule, column_name
        order by row_count desc, first_line
        limit ?
        """,
        [each.dataset, _RULES_SHOWN],
    ).fetchall()
    return "".join(
        f"\n    {each.file}, line {line}, {column or 'whole row'}: {_shown(value)} ({rule}). "
        f"{reason}{_more(row_count, lines)}"
        for rule, column, row_count, line, value, reason, lines in broken
    )


def _more(row_count: int, lines: list[int]) -> str:
    if row_count == 1:
        return ""
    shown = ", ".join(map(str, lines)) + (", …" if row_count > len(lines) + 1 else "")
    return f"\n        {row_count} rows in all; the next in line{'s' * (row_count > 2)} {shown}"


def _shown(value: str | None) -> str:
    if not value:
        return "empty"
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
