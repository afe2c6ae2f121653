"""Small sentences that several cards need."""

import polars as pl

from dashboard.desk import Desk, badge
from revops import Warehouse, books, reports


def times(count: int, noun: str) -> str:
    """ "1 row", "12 rows"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def books_said(warehouse: Warehouse) -> str:
    """ "34 of 35 checks hold, 1 warning, 1 not applicable"."""
    states = books.checks(warehouse)
    tested = states.filter(pl.col("status") != "not applicable")
    failed = tested.filter(pl.col("status") == "failed")
    warned = failed.filter(pl.col("class") == "warning").height
    said = [f"{tested.height - failed.height} of {tested.height} checks hold"]
    if warned:
        said.append(times(warned, "warning"))
    if states.height - tested.height:
        said.append(f"{states.height - tested.height} not applicable")
    return ", ".join(said) if states.height else "no checks recorded"


def report_badge(desk: Desk, name: str, frame: pl.DataFrame, honoured: tuple[str, ...] = ()) -> str:
    """Which filters a report's rows do not honour, as its card says it.

    `honoured` are filters that reach the report under another name.
    """
    missed = [
        one for one in reports.not_taken(desk.warehouse, name, desk.filters) if one not in honoured
    ]
    if "filters_not_applied" in frame.columns and frame.height:
        missed += frame["filters_not_applied"].explode().drop_nulls().unique().sort().to_list()
    return badge(missed, desk.filters)
