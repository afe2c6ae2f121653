"""What each model of a build is made from: model by model, and column by column.

The models' SQL is part of the build; sqlglot reads it when somebody asks, a few milliseconds
for one model.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from revops import books
from revops.column_origins import Made, made_of
from revops.macros import known
from revops.warehouse import Warehouse

LAYERS = ("raw", "staging", "intermediate", "marts", "metrics", "reports", "checks")
STORED = (
    "select schema_name || '.' || table_name as model, "
    "list(column_name order by column_index) as columns, "
    "list(coalesce(comment, '') order by column_index) as descriptions "
    "from duckdb_columns() group by all"
)


@dataclass(frozen=True)
class Column:
    """A column of a model: the expression that makes it, and the columns that it reads."""

    name: str
    description: str
    expression: str
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Lineage:
    """One model among all: what it reads, directly and at all, and what reads it."""

    name: str
    layer: str
    kind: str
    description: str
    file: str
    sql: str
    reads: tuple[str, ...]
    upstream: tuple[str, ...]
    read_by: tuple[str, ...]
    downstream: tuple[str, ...]
    columns: tuple[Column, ...]


def lineage(warehouse: Warehouse, name: str) -> Lineage:
    """The model of that name. Raises UnknownName for one that is not there."""
    models = books.models(warehouse)
    known("model", name, models["name"].to_list())
    row = models.row(by_predicate=pl.col("name") == name, named=True)
    reads = edges(warehouse)
    read_by: dict[str, list[str]] = {}
    for reader, sources in reads.items():
        for source in sources:
            read_by.setdefault(source, []).append(reader)
    return Lineage(
        name=name,
        layer=row["layer"],
        kind=row["kind"],
        description=row["description"],
        file=row["file"],
        sql=row["sql"].strip(),
        reads=_sorted(reads[name]),
        upstream=_sorted(_reached(reads, name)),
        read_by=_sorted(read_by.get(name, ())),
        downstream=_sorted(_reached(read_by, name)),
        columns=_columns(warehouse, name),
    )


def edges(warehouse: Warehouse) -> dict[str, tuple[str, ...]]:
    """Every model of the build, with what it reads."""
    models = books.models(warehouse).select("name", "depends_on")
    return {name: tuple(sources) for name, sources in models.iter_rows()}


def layer(name: str) -> str:
    """The layer that a name belongs to; what the pipeline loads or records comes first."""
    schema = name.partition(".")[0]
    return schema if schema in LAYERS else LAYERS[0]


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=lambda name: (LAYERS.index(layer(name)), name)))


def _reached(edges: Mapping[str, Iterable[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += edges.get(name, ())
    return found


def _columns(warehouse: Warehouse, name: str) -> tuple[Column, ...]:
    found = warehouse.query(STORED).filter(pl.col("model") == name)
    stored = dict(zip(*found.row(0)[1:], strict=True)) if found.height else {}
    made = _made(warehouse)(name)
    return tuple(
        Column(one, stored.get(one, ""), *made.get(one, ("", ()))) for one in (stored or made)
    )


def _made(warehouse: Warehouse) -> Callable[[str], dict[str, Made]]:
    """How the columns of a model are made, given what the warehouse says of those it reads."""
    stored = dict(warehouse.query(STORED).select("model", "columns").iter_rows())
    models = {
        name: (sql, reads)
        for name, sql, reads in books.models(warehouse)
        .select("name", "sql", "depends_on")
        .iter_rows()
    }

    def columns(name: str) -> tuple[str, ...]:
        # a macro's columns are stored nowhere
        return tuple(stored.get(name) or (made(name) if name in models else ()))

    def made(name: str) -> dict[str, Made]:
        sql, reads = models[name]
        return made_of(sql, tuple((one, columns(one)) for one in reads))

    return made
