"""The rows behind a number: which input lines it comes from, and that they add up to it."""

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from revops import formulas, macros, metrics
from revops.filters import Filters
from revops.rows_behind import Page, Proof, RowsBehind
from revops.statements import Statement, call
from revops.warehouse import Warehouse

PLACE = ("source_file", "source_lines", "record", "date")
COLUMNS = (
    "select column_name from duckdb_columns() "
    "where schema_name = 'reports' and table_name = $view order by column_index"
)
POLICIES = (
    "select distinct impact.policy, impact.decides, impact.choice "
    "from reports.policy_impact as impact "
    "where impact.domain = $domain and impact.metric = $metric and impact.is_in_force "
    "order by impact.policy"
)


def behind(
    warehouse: Warehouse, domain: str, metric: str, filters: Filters | None = None
) -> RowsBehind:
    """The rows behind a metric.

    Raises UnknownName for a domain or metric that is not there.
    """
    formula, columns = recipe(warehouse, domain, metric)
    name, known = f"evidence_{domain}", _columns(warehouse, domain)
    accepted = macros.parameters(warehouse, "reports").get(name, ())
    params = macros.honoured(filters or Filters(), accepted)
    words = [one for one in known if one in formulas.ATTRIBUTES and one not in columns]
    source = Statement(call(f"reports.{name}", params), params)
    return RowsBehind(source, formula, columns, (*PLACE, *words))


def proof(
    warehouse: Warehouse, domain: str, metric: str, filters: Filters | None = None
) -> Proof | None:
    """A metric beside what its rows add up to; None when no rows of it are kept."""
    found = behind(warehouse, domain, metric, filters)
    return found.proof(warehouse, metrics.total(warehouse, domain, filters)[metric])


def page(
    warehouse: Warehouse,
    domain: str,
    metric: str,
    filters: Filters | None = None,
    number: int = 1,
    size: int = 10,
) -> Page:
    """A page of the rows behind a metric; a number beyond the last page is the last page."""
    return behind(warehouse, domain, metric, filters).page(warehouse, number, size)


def rows(
    warehouse: Warehouse, domain: str, metric: str, filters: Filters | None = None
) -> pl.DataFrame:
    """The rows behind a metric: file and line, what the row is, and what it adds."""
    return behind(warehouse, domain, metric, filters).rows(warehouse)


def policies(warehouse: Warehouse, domain: str, metric: str) -> pl.DataFrame:
    """The policies that touch a metric: key, what it decides, and the choice in force."""
    return warehouse.query(POLICIES, {"domain": domain, "metric": metric})


def recipe(warehouse: Warehouse, domain: str, metric: str) -> tuple[str, tuple[str, ...]]:
    """How a metric follows from the rows behind it, and from which of their columns.

    A column of the metric's name is added up; a division divides what its parts come to; the
    rest is in `formulas`. No columns: nothing is kept that the metric could be worked out from.
    """
    catalogue = {
        row["metric"]: row for row in metrics.catalogue(warehouse, domain).iter_rows(named=True)
    }
    macros.known(f"metric of {domain}", metric, list(catalogue))
    known = _columns(warehouse, domain)
    formula = _formula(domain, metric, catalogue, known)
    if formula is None:
        return "", ()
    used = dict.fromkeys(re.findall(r"\w+", formula))
    return formula, tuple(name for name in used if name in known)


def _formula(
    domain: str, metric: str, catalogue: Mapping[str, Any], known: tuple[str, ...]
) -> str | None:
    if written := formulas.FORMULAS.get((domain, metric)):
        return written
    if metric in known:
        return f"sum({metric})"
    parts = catalogue.get(metric, {})
    names = parts.get("numerator"), parts.get("denominator")
    over, under = (_formula(domain, name, catalogue, known) if name else None for name in names)
    return None if over is None or under is None else f"{over} / nullif({under}, 0)"


def _columns(warehouse: Warehouse, domain: str) -> tuple[str, ...]:
    found = warehouse.query(COLUMNS, {"view": f"evidence_{domain}"})
    return tuple(found["column_name"].to_list())
