"""A cell of the retention cohorts: the share left of a cohort after some months, and its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from revops import macros, reports
from revops.filters import Filters
from revops.rows_behind import RowsBehind
from revops.statements import Statement, call
from revops.warehouse import Warehouse

REPORT, EVIDENCE = "retention_cohorts", "evidence_cohort"
WHO = ("customer_id", "segment", "plan", "region", "channel")


@dataclass(frozen=True)
class Share:
    """What is left of what: a column of the report, its parts, and the policies that touch it."""

    column: str
    retained: str
    begun_with: str
    policies: tuple[str, ...] = ()


SHARES = {
    one.column: one
    for one in (
        Share("mrr_retention", "retained_mrr", "cohort_mrr"),
        Share(
            "logo_retention", "retained_customers", "cohort_customers", ("trials_are_customers",)
        ),
    )
}


@dataclass(frozen=True)
class Cell:
    """One cell: whose first month (None: every cohort that has come so far), how much later."""

    share: Share
    cohort_month: date | None
    months_since: int


def value(
    warehouse: Warehouse, cell: Cell, filters: Filters | None = None
) -> Mapping[str, Any] | None:
    """The share and its parts, the month and the number of cohorts; None when not known."""
    asked = _statement(warehouse, cell, filters)
    found = warehouse.query(asked.text, asked.params)
    row = found.row(0, named=True) if found.height else {}
    return row if row.get(cell.share.column) is not None else None


def sql(warehouse: Warehouse, cell: Cell, filters: Filters | None = None) -> str:
    """The statement behind `value` with the values written out, to paste into DuckDB."""
    return _statement(warehouse, cell, filters).literal()


def behind(warehouse: Warehouse, cell: Cell, filters: Filters | None = None) -> RowsBehind:
    """The customers of the cohort, with what each adds in its first month and in the later one."""
    share = cell.share
    accepted = macros.parameters(warehouse, "reports").get(EVIDENCE, ())
    params = _of_cell(cell) | macros.honoured(filters or Filters(), accepted)
    whose = () if cell.cohort_month else ("cohort_month",)
    return RowsBehind(
        source=Statement(call(f"reports.{EVIDENCE}", params), params),
        formula=f"sum({share.retained}) / nullif(sum({share.begun_with}), 0)",
        columns=(share.begun_with, share.retained),
        words=("source_file", "source_lines", *whose, *WHO),
    )


def _statement(warehouse: Warehouse, cell: Cell, filters: Filters | None) -> Statement:
    report = reports.statement(warehouse, REPORT, filters or Filters())
    whose = "cells.cohort_month = $cohort_month" if cell.cohort_month else "cells.is_total"
    shown = (cell.share.retained, cell.share.begun_with, cell.share.column, "month", "cohorts")
    return Statement(
        f"select {', '.join(f'cells.{name}' for name in shown)} {report.text} as cells "
        f"where {whose} and cells.months_since = $months_since",
        {**report.params, **_of_cell(cell)},
    )


def _of_cell(cell: Cell) -> dict[str, Any]:
    whose = {"cohort_month": cell.cohort_month} if cell.cohort_month else {}
    return {**whose, "months_since": cell.months_since}
