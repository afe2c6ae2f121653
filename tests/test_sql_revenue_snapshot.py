"""Revenue when only today's customer file is known: what is unknown stays empty."""

from datetime import date
from typing import Any

import duckdb

from tests.support.worlds import World, query, warehouse

MODELS = (
    "metrics.revenue",
    "reports.mrr_waterfall",
    "checks.supplied_customer_ratios_disagree",
)


def revenue(con: duckdb.DuckDBPyConnection, arguments: str = "") -> list[dict[str, Any]]:
    return query(con, f"select * from metrics.revenue({arguments})")


def snapshot(**changes: Any) -> duckdb.DuckDBPyConnection:
    """Three customers of one file: A pays 100, B has left, C pays 80; built as of 15 March."""
    rows = [
        {"customer_id": "A", "mrr": 100, "new_mrr": None, "churned_flag": False, "arpa": 100},
        {"customer_id": "B", "mrr": 0, "new_mrr": None, "churned_flag": True, "arpa": 0},
        {"customer_id": "C", "mrr": 80, "new_mrr": 80, "churned_flag": False, "arpa": 90},
    ]
    given = [{**row, "start_date": date(2024, 1, 1), "segment": "SMB", **changes} for row in rows]
    return warehouse(World({"revenue_customers": given}, as_of=date(2024, 3, 15)), MODELS)


def test_one_snapshot_knows_its_own_day_only() -> None:
    con = snapshot()
    assert revenue(con)[0]["mrr"] == 180
    assert revenue(con, "until := date '2024-03-15'")[0]["mrr"] is None
    assert revenue(con, "segments := ['ENT']")[0]["mrr"] == 0
    assert [row["slice"] for row in revenue(con, "\"by\" := 'month'")] == ["2024-03-01", None]


def test_what_a_snapshot_leaves_empty_is_counted_and_never_0() -> None:
    (some,) = query(snapshot(), "select * from reports.mrr_waterfall()")
    assert (some["new_mrr"], some["new_mrr_unknown_rows"]) == (80, 2)
    (none,) = query(snapshot(new_mrr=None), "select * from reports.mrr_waterfall()")
    assert (none["new_mrr"], none["new_mrr_unknown_rows"]) == (None, 3)
    for name in ("opening_mrr", "reactivation_mrr", "churned_mrr", "transferred_in_mrr"):
        assert none[name] is None


def test_a_supplied_ratio_that_disagrees_is_listed() -> None:
    (row,) = query(snapshot(), "select * from checks.supplied_customer_ratios_disagree")
    assert (row["customer_id"], row["ratio"], row["gap"]) == ("C", "arpa", 10)
