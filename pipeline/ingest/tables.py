"""The tables of schema `raw`: the contract's columns, then where each row came from."""

from collections.abc import Mapping

import duckdb

from pipeline.contracts.columns import ColumnSpec, Kind
from pipeline.contracts.dataset import Dataset
from pipeline.meta import literal

SQL_TYPES: dict[Kind, str] = {
    "text": "varchar", "integer": "bigint", "number": "double",
    "money": "decimal(18,6)", "date": "date", "flag": "boolean",
}  # fmt: skip
PROVENANCE = {
    "_file": ("varchar", "File the row was read from"),
    "_line": ("bigint", "Line where the row begins; the header is line 1"),
    "_load_id": ("varchar", "Build that loaded it"),
    "_flags": ("varchar[]", "Oddities of the row that were kept, as named in meta.warnings"),
}


def create_raw_table(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Create the empty, commented table of a dataset in the current database."""
    described = {
        column.name: (SQL_TYPES[column.kind], column.description) for column in dataset.columns
    } | PROVENANCE
    columns = ", ".join(f'"{name}" {kind}' for name, (kind, _) in described.items())
    statements = [
        f"create table raw.{dataset.name} ({columns})",
        f"comment on table raw.{dataset.name} is {literal(dataset.description)}",
        *(
            f'comment on column raw.{dataset.name}."{name}" is {literal(text)}'
            for name, (_, text) in described.items()
        ),
    ]
    con.execute(";\n".join(statements)).fetchall()


def column_rows(
    dataset: Dataset, source_names: Mapping[str, str]
) -> list[tuple[str, str, str, bool, bool, str | None, str]]:
    """The rows of meta.columns; `source_names` gives the file's name of each present column."""

    def row(column: ColumnSpec) -> tuple[str, str, str, bool, bool, str | None, str]:
        name = column.name
        return (
            dataset.name, name, SQL_TYPES[column.kind], column.is_required,
            name in source_names, source_names.get(name), column.description,
        )  # fmt: skip

    return [row(column) for column in dataset.columns]
