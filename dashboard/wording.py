"""Small sentences that several cards need."""

import polars as pl

from dashboard.desk import Desk, badge
from revops import reports


def times(count: int, noun: str) -> str:
    """ "1 row", "12 rows"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def report_badge(desk: Desk, name: str, frame: pl.DataFrame) -> str:
    """Which filters a report's rows do not honour, as its card says it."""
    missed = list(reports.not_taken(desk.warehouse, name, desk.filters))
    if "filters_not_applied" in frame.columns and frame.height:
        missed += frame["filters_not_applied"].explode().drop_nulls().unique().sort().to_list()
    return badge(missed, desk.filters)
