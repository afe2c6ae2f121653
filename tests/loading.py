"""Loads small data folders into a database in memory, and asks what became of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.config import load_config
from pipeline.ingest.load import LoadReport, load_all
from pipeline.meta import create_schemas
from pipeline.progress import Progress


@dataclass(frozen=True)
class Loaded:
    """A database after a load."""

    con: duckdb.DuckDBPyConnection
    report: LoadReport

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()

    def column(self, dataset: str, name: str) -> list[Any]:
        """A column of a raw table in the order of the file."""
        return [row[0] for row in self.rows(f'select "{name}" from raw.{dataset} order by _line')]

    def withheld(self) -> list[tuple[Any, ...]]:
        """dataset, line, column, value and rule of every row in quarantine."""
        return self.rows(
            "select dataset, line, column_name, value, rule from quarantine.rows "
            "order by dataset, line"
        )

    def flags(self, dataset: str) -> dict[int, list[str]]:
        """Line to flags, where there are any."""
        return dict(
            self.rows(f"select _line, _flags from raw.{dataset} where len(_flags) > 0 order by 1")
        )

    def books(self, dataset: str) -> dict[str, Any]:
        """The row of meta.loads."""
        cursor = self.con.execute("select * from meta.loads where dataset = ?", [dataset])
        names = [column[0] for column in cursor.description or []]
        return dict(zip(names, cursor.fetchall()[0], strict=True))


def database() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_schemas(con)
    return con


def load(
    data: Path,
    *,
    strict: bool = False,
    verify: bool = False,
    con: duckdb.DuckDBPyConnection | None = None,
) -> Loaded:
    """Load a data folder with the configuration that lies in it."""
    con = con or database()
    report = load_all(
        con, load_config(None, data), "test", strict, Progress(enabled=False), verify=verify
    )
    return Loaded(con, report)


def csv(header: str, rows: Sequence[str]) -> str:
    return "\n".join([header, *rows, ""])


def configure(data: Path, toml: str) -> Path:
    """Write revops.toml beside the files."""
    (data / "revops.toml").write_text(toml, encoding="utf-8")
    return data


def tolerant(data: Path, *datasets: str) -> Path:
    """Tolerate any number of bad rows up to half a file."""
    return configure(data, "\n".join(f"[files.{name}]\ntolerated_share = 1.0" for name in datasets))
