"""Writes the models' headers where SQL can read them."""

from collections.abc import Iterator, Sequence
from itertools import chain

import duckdb

from pipeline.meta import insert
from pipeline.models.model import Model


def store_catalogue(con: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Fill `meta.models`, `meta.metrics` and `meta.domains` from the headers and the SQL."""
    domains = [model for model in models if model.layer == "metrics"]
    insert(con, "meta.models", map(_model_row, models))
    insert(con, "meta.domains", map(_domain_row, domains))
    insert(con, "meta.metrics", chain.from_iterable(map(_metric_rows, domains)))


def _model_row(model: Model) -> list[object]:
    return [
        model.name,
        model.layer,
        model.kind,
        model.header.description,
        model.file,
        model.text,
        [reference.name for reference in model.references],
        [parameter.name for parameter in model.parameters],
    ]


def _domain_row(model: Model) -> list[object]:
    return [
        model.stem,
        model.header.description,
        list(model.header.dimensions),
        [parameter.name for parameter in model.parameters],
    ]


def _metric_rows(model: Model) -> Iterator[list[object]]:
    for position, metric in enumerate(model.header.metrics, 1):
        yield [
            metric.name,
            model.stem,
            position,
            metric.label,
            metric.unit,
            metric.better,
            metric.benchmark,
            metric.definition,
            metric.numerator,
            metric.denominator,
            metric.window,
            metric.role,
            model.expressions.get(metric.name),
        ]
