"""What moved between two days, as the deal ledger tells it."""

from datetime import date
from typing import Any

import polars as pl

from revops import macros
from revops.filters import DAY, Filters
from revops.statements import Statement
from revops.warehouse import Warehouse

WATERFALL = "pipeline_waterfall"
ENDS = ("from_date", "to_date", "window_start", "window_end")


def waterfall(warehouse: Warehouse, filters: Filters) -> pl.DataFrame:
    """How the open pipeline due in the window moved from its first day to its last.

    One row per bucket (see `reports.pipeline_waterfall`). The window ends at the as-of date at the
    latest; without a first day it begins where the ledger does. What cannot be known has
    `reason_not_known`.
    """
    statement = waterfall_statement(warehouse, filters)
    return warehouse.query(statement.text, statement.params)


def waterfall_statement(warehouse: Warehouse, filters: Filters) -> Statement:
    """The bound statement behind `waterfall`."""
    accepted = macros.parameters(warehouse, "reports")[WATERFALL]
    members = {name: list(kept) for name, kept in filters.members().items() if name in accepted}
    named = "".join(f", {name} := ${name}" for name in members)
    days = ", ".join(f"${name}" for name in ENDS)
    return Statement(
        f"from reports.{WATERFALL}({days}{named})", {**_ends(warehouse, filters), **members}
    )


def _ends(warehouse: Warehouse, filters: Filters) -> dict[str, Any]:
    """The days at whose ends the waterfall stands, and the days in which its deals are due."""
    as_of = warehouse.build.as_of
    last = min(filters.last_day or as_of, as_of)
    first = filters.since - DAY if filters.since else _first_day(warehouse)
    return dict(zip(ENDS, (first, last, filters.since, filters.until), strict=True))


def _first_day(warehouse: Warehouse) -> date | None:
    found: date | None = warehouse.query("from reports.ledger_coverage()")["first_date"].item()
    return found
