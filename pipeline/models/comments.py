"""Comments on every object of the warehouse that takes one, so that any client explains itself."""

from collections.abc import Mapping, Sequence

import duckdb

from pipeline.meta import literal
from pipeline.models.model import FIXED_COLUMNS, GAP, UNKNOWN_ROWS, Model

# Columns that no header describes: the pipeline adds them, or reads them in checks.
OWN_COLUMNS = {
    "_file": "CSV file the row was read from",
    "_line": "Line of that file where the row begins; the header is line 1",
    "_load_id": "Build that loaded the row",
    "_flags": "Names of the oddities kept and counted in this row",
    GAP: "How far the row is off; the largest stands in meta.checks",
}


class ColumnTexts:
    """What each column of each model means, written once where it first appears.

    A column without a text of its own takes that of the same-named column of the
    models it reads, and so on up to the raw column; at last the one text that
    anybody wrote for its name.
    """

    def __init__(self, models: Sequence[Model], raw: Mapping[str, Mapping[str, str]]) -> None:
        self._raw = {name: _lower(columns) for name, columns in raw.items()}
        self._models = {model.name: model for model in models}
        self._anywhere: dict[str, set[str]] = {}
        for model in models:
            for column, text in _lower(model.header.columns).items():
                self._anywhere.setdefault(column, set()).add(text)

    def of(self, relation: str, column: str) -> str | None:
        """The text of one column, or None where nobody wrote one."""
        name = column.lower()
        return (
            self._inherited(relation, name, set())
            or OWN_COLUMNS.get(name)
            or FIXED_COLUMNS.get(name)
            or _of_unknown_rows(name)
            or self._only_text(name)
        )

    def _only_text(self, column: str) -> str | None:
        texts = self._anywhere.get(column, set())
        return next(iter(texts)) if len(texts) == 1 else None

    def _inherited(self, relation: str, column: str, seen: set[str]) -> str | None:
        seen.add(relation)
        model = self._models.get(relation)
        if model is None:
            return self._raw.get(relation, {}).get(column)
        own = _lower(model.header.columns).get(column)
        if own is None:
            own = next((m.definition for m in model.header.metrics if m.name == column), None)
        for reference in model.references:
            if own is None and reference.name not in seen:
                own = self._inherited(reference.name, column, seen)
        return own


def comment_models(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """COMMENT ON the models, their columns, and the tables that the pipeline loaded."""
    texts = ColumnTexts(models, _raw_texts(con))
    statements: list[str] = []
    for model in models:
        text = literal(model.header.description)
        if model.kind == "macro":
            statements.append(f"comment on macro table {model.name} is {text}")
        if model.kind == "macro" and model.layer == "reports":
            statements.append(f"comment on macro table main.{model.stem} is {text}")
    described = {model.name: model.header.description for model in models}
    described |= {f"main.{m.stem}": m.header.description for m in models if m.layer == "reports"}
    for relation, kind, columns in _relations(con):
        if relation.startswith("raw."):
            statements.append(f"comment on table {relation} is {literal(_raw_text(relation))}")
        elif relation in described:
            statements.append(f"comment on {kind} {relation} is {literal(described[relation])}")
        source = relation.replace("main.", "reports.")
        for column in columns:
            meaning = texts.of(source, column)
            if meaning:
                name = column.replace('"', '""')
                statements.append(f'comment on column {relation}."{name}" is {literal(meaning)}')
    con.execute("begin")
    con.execute(";\n".join(statements)).fetchall()
    con.execute("commit")


def _relations(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, list[str]]]:
    """Every relation with its kind and columns, except those commented when they were made."""
    return con.execute(
        """
        select relations.name, relations.kind, list(columns.column_name)
        from (
            select schema_name || '.' || table_name as name, 'table' as kind
            from duckdb_tables() where database_name = current_database()
            union all
            select schema_name || '.' || view_name, 'view'
            from duckdb_views() where database_name = current_database() and not internal
        ) as relations
        join duckdb_columns() as columns
            on columns.schema_name || '.' || columns.table_name = relations.name
            and columns.database_name = current_database()
        where columns.schema_name not in ('meta', 'quarantine')
        group by all order by all
        """
    ).fetchall()


def _raw_texts(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = con.execute(
        "select dataset, column_name, description from meta.columns where description is not null"
    ).fetchall()
    texts: dict[str, dict[str, str]] = {}
    for dataset, column, description in rows:
        texts.setdefault(f"raw.{dataset}", {})[column] = description
    # staging may read the meta tables too: their comments stand already
    for schema, table, column, comment in con.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns()"
        " where database_name = current_database() and comment is not null"
    ).fetchall():
        texts.setdefault(f"{schema}.{table}", {})[column] = comment
    return texts


def _raw_text(relation: str) -> str:
    dataset = relation.removeprefix("raw.")
    return f"{dataset}.csv as it was read, typed, without the withheld rows. One row per record."


def _of_unknown_rows(column: str) -> str | None:
    metric = column.removesuffix(UNKNOWN_ROWS)
    return f"Rows that {metric} leaves out: a part of it is not known" if metric != column else None


def _lower(columns: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): text for name, text in columns.items()}
