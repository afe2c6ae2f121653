"""How tests ask for a pipeline waterfall."""

from datetime import date
from typing import Any

import duckdb

from tests.oracle_pipeline_ledger import Movement, Window
from tests.support.deal_ledger import ask

DATES = ("from_date", "to_date", "window_start", "window_end")


def asked_of(first: date, last: date, window: Window) -> dict[str, Any]:
    """The arguments of the report for what the oracle is asked."""
    return dict(zip(DATES, (first, last, window.start, window.end), strict=True))


def moved(con: duckdb.DuckDBPyConnection, **asked: Any) -> set[Movement]:
    columns = ("deal_id", "bucket", "amount", "is_without_amount")
    rows = ask(con, "pipeline_movements", **asked)
    found = {Movement(*(row[name] for name in columns)) for row in rows}
    assert len(found) == len(rows), "a row comes twice"
    return found
