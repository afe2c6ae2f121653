"""A window in which no file says anything is not a whole one, whichever bound is given."""

from datetime import date

import duckdb
import pytest

from tests.support.worlds import World, query, warehouse

MACROS = ("metrics.marketing", "metrics.pipeline", "metrics.revenue", "metrics.finance")
OUTSIDE = (
    "since := date '2026-02-01'",
    "until := date '2026-01-01'",
    "since := date '2026-02-01', until := date '2026-03-01'",
    "since := date '2025-12-01', until := date '2026-01-01'",
)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """All files speak about 5 to 31 January 2026, the accounts about January."""
    deal = {"deal_id": "D1", "stage": "Demo", "status": "Open", "amount": 10}
    customer = {"customer_id": "C1", "start_date": date(2026, 1, 5), "mrr": 5}
    ads = {"channel": "Email", "segment": "SMB", "spend": 5}
    rows = {
        "marketing_channels": [
            {**ads, "date": date(2026, 1, 5)}, {**ads, "date": date(2026, 1, 31)},
        ],
        "pipeline_deals": [{**deal, "created_at": date(2026, 1, 5)}],
        "revenue_customers": [{**customer, "churned_flag": False}],
        "subscriptions": [
            {"subscription_id": "S1", "customer_id": "C1", "start_date": date(2026, 1, 5), "mrr": 5}
        ],
        "deal_history": [
            {**deal, "created_at": date(2026, 1, 5), "snapshot_date": date(2026, 1, day)}
            for day in (5, 31)
        ],
        "finance": [
            {"month": date(2026, 1, 1), "sales_marketing_expense": 1, "revenue": 5,
             "cost_of_revenue": 1, "net_burn": 1}
        ],
    }  # fmt: skip
    wanted = (*MACROS, "reports.stage_conversion")
    return warehouse(World(rows, date(2026, 1, 31)), wanted)


@pytest.mark.parametrize("bounds", OUTSIDE)
@pytest.mark.parametrize("macro", MACROS)
def test_a_window_outside_what_is_known_is_partial(
    con: duckdb.DuckDBPyConnection, macro: str, bounds: str
) -> None:
    [total] = query(con, f"select * from {macro}({bounds}) where is_total")
    assert total["is_partial"]


@pytest.mark.parametrize("bounds", OUTSIDE)
def test_stages_outside_the_ledger_are_partial_and_say_why(
    con: duckdb.DuckDBPyConnection, bounds: str
) -> None:
    for row in query(con, f"select * from reports.stage_conversion({bounds})"):
        assert row["is_partial"]
        assert row["reason_not_known"].startswith("deals are known ")


@pytest.mark.parametrize("macro", MACROS[:3])
def test_a_window_of_the_days_that_are_known_is_whole(
    con: duckdb.DuckDBPyConnection, macro: str
) -> None:
    for bounds in ("", "since := date '2026-01-05'", "until := date '2026-02-01'"):
        [total] = query(con, f"select * from {macro}({bounds}) where is_total")
        assert not total["is_partial"]
