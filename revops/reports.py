"""Shaped results: funnels, waterfalls, stuck deals, tables."""

import polars as pl

from revops import macros
from revops.filters import Filters
from revops.statements import Statement, call
from revops.warehouse import Warehouse

VIEWS = (
    "select view_name as name from duckdb_views() "
    "where schema_name = 'reports' and not internal order by view_name"
)


def query(
    warehouse: Warehouse, name: str, filters: Filters | None = None, by: str | None = None
) -> pl.DataFrame:
    """A report's rows; none when nothing passes the filters. `by` splits a report that can be.

    Filters the report cannot honour are left out of the question: ask `not_taken` and
    say so. Raises UnknownName for a report that is not there.
    """
    asked = statement(warehouse, name, filters or Filters(), by)
    return warehouse.query(asked.text, asked.params)


def sql(warehouse: Warehouse, name: str, filters: Filters | None = None) -> str:
    """The statement behind `query` with the values written out, to paste into DuckDB."""
    return statement(warehouse, name, filters or Filters()).literal()


def meaning(warehouse: Warehouse, name: str) -> str:
    """What a report holds, without the last sentence, which tells analysts its grain."""
    found = warehouse.query(
        "select description from meta.models where name = $name", {"name": f"reports.{name}"}
    )
    return str(found.item()).split(" One row per ")[0] if found.height else ""


def names(warehouse: Warehouse) -> tuple[str, ...]:
    """Every report of this warehouse."""
    views = warehouse.query(VIEWS)["name"].to_list()
    return tuple(sorted({*views, *macros.parameters(warehouse, "reports")}))


def parameters(warehouse: Warehouse, name: str) -> tuple[str, ...]:
    """The filters a report takes; none for a report that is only a view."""
    known = macros.parameters(warehouse, "reports")
    if name in known:
        return known[name]
    macros.known("report", name, list(names(warehouse)))
    return ()


def not_taken(warehouse: Warehouse, name: str, filters: Filters) -> tuple[str, ...]:
    """The set filters a report has no parameter for."""
    return macros.not_taken(filters, parameters(warehouse, name))


def statement(
    warehouse: Warehouse,
    name: str,
    filters: Filters,
    by: str | None = None,
    grain: str | None = None,
) -> Statement:
    """The bound statement behind `query`; `grain` is the period of a report that knows several."""
    accepted = parameters(warehouse, name)
    params = macros.honoured(filters, accepted)
    for option, value in (("by", by), ("grain", grain)):
        if value is not None:
            params[macros.known(f"parameter of {name}", option, list(accepted))] = value
    if name in macros.parameters(warehouse, "reports"):
        return Statement(f"from {call(f'reports.{name}', params)}", params)
    return Statement(f"from reports.{name}")
