"""The rows behind a number: which input lines it comes from, and that they add up to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

import polars as pl

from revops import formulas, macros, metrics
from revops.filters import Filters
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
# sums of doubles may differ in their last digits with the order of the rows
CLOSE = 1e-9


@dataclass(frozen=True)
class Proof:
    """One number worked out again from the rows behind it.

    `formula` says how, over the columns of the rows; `sums` are those columns added up.
    """

    value: Any
    rows: int
    formula: str
    sums: Mapping[str, Any]
    recomputed: Any
    sql: str

    @property
    def is_sum(self) -> bool:
        """The number is the sum of one column."""
        return self.formula in {f"sum({name})" for name in self.sums}

    @property
    def agrees(self) -> bool:
        """The rows lead to the number; where there are none, it is 0 or not known."""
        if self.value is None or self.recomputed is None:
            return not self.value and not self.recomputed
        return isclose(float(self.value), float(self.recomputed), rel_tol=CLOSE, abs_tol=CLOSE)


def proof(
    warehouse: Warehouse, domain: str, metric: str, filters: Filters | None = None
) -> Proof | None:
    """A metric beside what its rows add up to; None when no rows of it are kept.

    Raises UnknownName for a domain or metric that is not there.
    """
    filters = filters or Filters()
    formula, columns = recipe(warehouse, domain, metric)
    if not columns:
        return None
    asked = _statement(warehouse, domain, columns, filters, _added(formula, columns))
    found = warehouse.query(asked.text, asked.params).row(0, named=True)
    return Proof(
        value=metrics.total(warehouse, domain, filters)[metric],
        rows=found["rows"],
        formula=formula,
        sums={name: found[name] for name in columns},
        recomputed=found["recomputed"],
        sql=asked.literal(),
    )


@dataclass(frozen=True)
class Page:
    """Some of the rows: `first` and `last` count from 1 among all `rows`."""

    frame: pl.DataFrame
    number: int
    pages: int
    first: int
    last: int
    rows: int

    @property
    def previous(self) -> int:
        """The number of the page before."""
        return max(1, self.number - 1)

    @property
    def following(self) -> int:
        """The number of the page after."""
        return min(self.pages, self.number + 1)

    @property
    def has_previous(self) -> bool:
        """There is a page before this one."""
        return self.previous != self.number

    @property
    def has_following(self) -> bool:
        """There is a page after this one."""
        return self.following != self.number


def page(
    warehouse: Warehouse,
    domain: str,
    metric: str,
    filters: Filters | None = None,
    number: int = 1,
    size: int = 10,
) -> Page:
    """A page of the rows behind a metric; a number beyond the last page is the last page."""
    formula, columns = recipe(warehouse, domain, metric)
    asked = _statement(warehouse, domain, columns, filters or Filters(), _added(formula, columns))
    count = int(warehouse.query(asked.text, asked.params)["rows"].item())
    pages = max(1, -(-count // size))
    number = min(max(1, number), pages)
    skip = (number - 1) * size
    frame = rows(warehouse, domain, metric, filters, size, skip)
    return Page(frame, number, pages, min(skip + 1, count), skip + frame.height, count)


def rows(
    warehouse: Warehouse,
    domain: str,
    metric: str,
    filters: Filters | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> pl.DataFrame:
    """The rows behind a metric: file and line, what the row is, and what it adds."""
    _, columns = recipe(warehouse, domain, metric)
    asked = _rows_statement(warehouse, domain, columns, filters or Filters())
    return warehouse.query(
        f"{asked.text} limit $most offset $skip", {**asked.params, "most": limit, "skip": offset}
    )


def rows_sql(warehouse: Warehouse, domain: str, metric: str, filters: Filters | None = None) -> str:
    """The statement behind `rows` with the values written out, to paste into DuckDB."""
    _, columns = recipe(warehouse, domain, metric)
    return _rows_statement(warehouse, domain, columns, filters or Filters()).literal()


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


def _added(formula: str, columns: tuple[str, ...]) -> str:
    sums = ", ".join(f"sum({name}) as {name}" for name in columns)
    return f"count(*) as rows, {formula} as recomputed, {sums}"


def _rows_statement(
    warehouse: Warehouse, domain: str, columns: tuple[str, ...], filters: Filters
) -> Statement:
    known = _columns(warehouse, domain)
    words = [name for name in known if name in formulas.ATTRIBUTES and name not in columns]
    shown = ", ".join((*PLACE, *words, *columns))
    return _statement(warehouse, domain, columns, filters, shown)


def _statement(
    warehouse: Warehouse, domain: str, columns: tuple[str, ...], filters: Filters, shown: str
) -> Statement:
    name = f"evidence_{domain}"
    accepted = macros.parameters(warehouse, "reports").get(name, ())
    params = macros.honoured(filters, accepted)
    kept = " or ".join(f"{column} is not null" for column in columns)
    return Statement(f"select {shown} from {call(f'reports.{name}', params)} where {kept}", params)
