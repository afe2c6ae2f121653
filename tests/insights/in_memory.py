"""One rule over a handful of rows, built in memory by the project's own SQL."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pytest

from revops import Filters
from revops.insights import Insight, RuleEngine, load_thresholds
from revops.insights.question import Rule
from revops.unpublished import UnpublishedWarehouse
from tests.support.worlds import Rows, World, warehouse

AS_OF = date(2026, 10, 31)
REQUIRED: Mapping[str, Rows] = {
    "marketing_channels": [],
    "pipeline_deals": [],
    "revenue_customers": [],
    "benchmarks": [],
}


def built(rows: Mapping[str, Rows], *models: str, checks: bool = False) -> Any:
    """A build of these rows with the named models, as of 31 Oct 2026."""
    world = World({**REQUIRED, **rows}, AS_OF, history_kind="changes")
    return warehouse(world, models, checks=checks)


def said(
    con: duckdb.DuckDBPyConnection, rule: Rule, filters: Filters | None = None, **limits: float
) -> Insight:
    """What the rule says of the build, with other limits if they are given."""
    thresholds = load_thresholds()
    thresholds = {**thresholds, rule.__name__: {**thresholds[rule.__name__], **limits}}
    with UnpublishedWarehouse(con) as opened:
        (found,) = RuleEngine([rule], thresholds).insights(opened, filters or Filters())
    proven(con, found)
    return found


def proven(con: duckdb.DuckDBPyConnection, found: Insight) -> None:
    """Each number of the evidence is what its statement gives."""
    for one in found.evidence:
        answer = con.sql(one.sql)
        row = dict(zip(answer.columns, answer.fetchall()[0], strict=True))
        assert float(row["value"]) == pytest.approx(one.value, rel=1e-9), one.label
        assert row.get("n") in (None, one.n), one.label
