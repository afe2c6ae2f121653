"""The pack's questions to the warehouse, each with the statement that repeats it."""

from collections.abc import Sequence

import polars as pl

from dashboard.desk import Desk
from dashboard.report.model import Source
from dashboard.wording import report_badge
from revops import books, ledger, reports

# the waterfall takes the window as its two days
WINDOW = ("since", "until")


def report(
    desk: Desk,
    name: str,
    policies: Sequence[str] = (),
    by: str | None = None,
    grain: str | None = None,
) -> Source:
    """A report under the filters in force."""
    asked = reports.statement(desk.warehouse, name, desk.filters, by, grain)
    frame = desk.warehouse.query(asked.text, asked.params)
    return _source(desk, name, asked.literal(), frame, report_badge(desk, name, frame), policies)


def bridge(desk: Desk) -> Source:
    """The waterfall of the pipeline due in the window."""
    asked = ledger.waterfall_statement(desk.warehouse, desk.filters)
    frame = desk.warehouse.query(asked.text, asked.params)
    said = report_badge(desk, ledger.WATERFALL, frame, honoured=WINDOW)
    return _source(desk, ledger.WATERFALL, asked.literal(), frame, said, ())


def _source(
    desk: Desk, name: str, sql: str, frame: pl.DataFrame, said: str, policies: Sequence[str]
) -> Source:
    return Source(
        name=f"reports.{name}",
        definition=reports.meaning(desk.warehouse, name),
        sql=sql,
        frame=frame,
        badge=said,
        policies=tuple(f"{key} = {books.policy(desk.warehouse, key, '')}" for key in policies),
    )
