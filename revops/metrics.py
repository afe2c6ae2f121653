"""The KPIs of a domain, for any filters and any split."""

from typing import Any

import polars as pl

from revops import macros
from revops.filters import Filters
from revops.statements import Statement, call
from revops.warehouse import Warehouse

PERIODS = ("week", "month", "quarter", "year")


def query(
    warehouse: Warehouse, domain: str, filters: Filters | None = None, by: str | None = None
) -> pl.DataFrame:
    """A domain's metrics: one row per slice when split, and always one total row.

    Columns: slice (None in the total row), is_total, is_partial, filters_not_applied (names
    of set filters this domain could not honour), then one column per metric; None is
    "not known". Raises UnknownName for a domain or split that is not there.
    """
    statement = _statement(warehouse, domain, filters or Filters(), by)
    frame = warehouse.query(statement.text, statement.params)
    return _say_not_taken(frame, not_taken(warehouse, domain, filters or Filters()))


def total(warehouse: Warehouse, domain: str, filters: Filters | None = None) -> dict[str, Any]:
    """The total row as a mapping from column to value."""
    frame = query(warehouse, domain, filters)
    return frame.filter(pl.col("is_total")).row(0, named=True)


def sql(
    warehouse: Warehouse, domain: str, filters: Filters | None = None, by: str | None = None
) -> str:
    """The statement behind `query` with the values written out, to paste into DuckDB."""
    return _statement(warehouse, domain, filters or Filters(), by).literal()


def catalogue(warehouse: Warehouse, domain: str | None = None) -> pl.DataFrame:
    """One row per metric: metric, domain, label, unit, better, benchmark, definition, parts.

    Ordered as the SQL files order them; helper columns (role "part") are included.
    """
    return warehouse.query(
        "select * from meta.metrics as metrics "
        "where $domain is null or metrics.domain = $domain "
        "order by metrics.domain, metrics.position",
        {"domain": domain},
    )


def domains(warehouse: Warehouse) -> tuple[str, ...]:
    """The domains that have metrics: marketing, pipeline, revenue."""
    return tuple(macros.parameters(warehouse, "metrics"))


def dimensions(warehouse: Warehouse, domain: str) -> tuple[str, ...]:
    """What a domain can be split by, besides week, month, quarter and year."""
    _accepted(warehouse, domain)
    rows = warehouse.query(
        "select dimensions from meta.domains where domain = $domain", {"domain": domain}
    )
    return tuple(rows.item()) if rows.height else ()


def not_taken(warehouse: Warehouse, domain: str, filters: Filters) -> tuple[str, ...]:
    """The set filters a domain has no parameter for, such as plans in marketing."""
    return macros.not_taken(filters, _accepted(warehouse, domain))


def statement(
    warehouse: Warehouse, domain: str, filters: Filters, by: str | None = None
) -> Statement:
    """The bound statement behind `query`."""
    return _statement(warehouse, domain, filters, by)


def _statement(warehouse: Warehouse, domain: str, filters: Filters, by: str | None) -> Statement:
    params = macros.honoured(filters, _accepted(warehouse, domain))
    if by is not None:
        options = [*dimensions(warehouse, domain), *PERIODS]
        params["by"] = macros.known(f"split of {domain}", by, options)
    return Statement(f"from {call(f'metrics.{domain}', params)}", params)


def _accepted(warehouse: Warehouse, domain: str) -> tuple[str, ...]:
    known = macros.parameters(warehouse, "metrics")
    return known[macros.known("domain", domain, list(known))]


def _say_not_taken(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    if not names:
        return frame
    said = pl.col("filters_not_applied").cast(pl.List(pl.String)).fill_null([])
    return frame.with_columns(said.list.concat(pl.lit(list(names), dtype=pl.List(pl.String))))
