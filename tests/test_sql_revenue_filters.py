"""Each filter of the books, alone and with another: two customers who swap their plans."""

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.support.worlds import World, query, warehouse

MODELS = ("metrics.revenue", "reports.mrr_waterfall")
FEBRUARY = date(2024, 2, 1)
# A, of SMB, EU and Email, pays 100; B, of ENT, US and Events, pays 50. On 15 February A
# changes from Basic to Pro, and B from Pro to Basic.
PERIODS = [
    ("a", "A", date(2024, 1, 1), date(2024, 2, 15), 100, "Basic"),
    ("a", "A", date(2024, 2, 15), None, 100, "Pro"),
    ("b", "B", date(2024, 1, 1), date(2024, 2, 15), 50, "Pro"),
    ("b", "B", date(2024, 2, 15), None, 50, "Basic"),
]
CUSTOMERS = [("A", "Acme", "SMB", "EU"), ("B", "Beta", "ENT", "US")]
DEALS = [("d1", "Acme", "Email"), ("d2", "Beta", "Events")]


def company(has_regions: bool) -> World:
    columns = ["subscription_id", "customer_id", "start_date", "end_date", "mrr", "plan"]
    customers = pl.DataFrame(
        CUSTOMERS, schema=["customer_id", "account", "segment", "geo"], orient="row"
    ).with_columns(
        start_date=pl.lit(date(2024, 1, 1)), mrr=pl.lit(0), churned_flag=pl.lit(False),
        plan=pl.lit("Today"),
    )  # fmt: skip
    deals = pl.DataFrame(
        DEALS, schema=["deal_id", "account", "source_channel"], orient="row"
    ).with_columns(
        stage=pl.lit("Closed_Won"), status=pl.lit("Closed_Won"),
        created_at=pl.lit(date(2023, 12, 1)), last_stage_change=pl.lit(date(2023, 12, 31)),
    )  # fmt: skip
    rows = {
        "subscriptions": pl.DataFrame(PERIODS, schema=columns, orient="row"),
        "revenue_customers": customers if has_regions else customers.drop("geo"),
        "pipeline_deals": deals,
    }
    return World(rows, as_of=date(2024, 3, 31))


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return warehouse(company(has_regions=True), MODELS)


def february(con: duckdb.DuckDBPyConnection, filters: str) -> tuple[Any, ...]:
    """Opening, transferred in, transferred out and closing of February."""
    names = ("opening_mrr", "transferred_in_mrr", "transferred_out_mrr", "closing_mrr")
    rows = query(con, f"select * from reports.mrr_waterfall({filters})")
    return tuple(row[name] for row in rows if row["month"] == FEBRUARY for name in names)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("", (150, 0, 0, 150)),
        ("segments := ['SMB']", (100, 0, 0, 100)),
        ("regions := ['EU']", (100, 0, 0, 100)),
        ("channels := ['Events']", (50, 0, 0, 50)),
        ("plans := ['Pro']", (50, 100, 50, 100)),
        ("plans := ['Basic']", (100, 50, 100, 50)),
        ("plans := ['Basic', 'Pro']", (150, 0, 0, 150)),
        ("segments := ['SMB'], plans := ['Pro']", (0, 100, 0, 100)),
        ("segments := ['SMB'], plans := ['Basic']", (100, 0, 100, 0)),
        ("regions := ['EU'], plans := ['Pro']", (0, 100, 0, 100)),
        ("regions := ['US'], plans := ['Pro']", (50, 0, 50, 0)),
        ("channels := ['Events'], plans := ['Pro']", (50, 0, 50, 0)),
        ("channels := ['Email'], plans := ['Pro']", (0, 100, 0, 100)),
        ("segments := ['SMB'], regions := ['US']", (0, 0, 0, 0)),
        ("segments := ['SMB'], channels := ['Events']", (0, 0, 0, 0)),
    ],
)
def test_what_passes_the_filters_is_counted(
    con: duckdb.DuckDBPyConnection, filters: str, expected: tuple[int, ...]
) -> None:
    assert february(con, filters) == expected
    # nothing moves in March: what February closed with is paid today
    [total] = query(con, f"select * from metrics.revenue({filters})")
    assert total["mrr"] == expected[-1]


def test_a_region_filter_without_regions_filters_nothing() -> None:
    con = warehouse(company(has_regions=False), MODELS)
    assert february(con, "regions := ['EU'], plans := ['Pro']") == (50, 100, 50, 100)
    assert not_applied(con, "regions := ['EU']") == ["regions"]
    assert not_applied(con, "plans := ['Pro']") == []


def test_a_region_filter_with_regions_is_not_named(con: duckdb.DuckDBPyConnection) -> None:
    assert not_applied(con, "regions := ['EU']") == []


def not_applied(con: duckdb.DuckDBPyConnection, filters: str) -> list[str]:
    """The filters that the waterfall's first month says it did not honour."""
    return query(con, f"select * from reports.mrr_waterfall({filters})")[0]["filters_not_applied"]


def test_a_window_from_the_first_known_day_is_whole(con: duckdb.DuckDBPyConnection) -> None:
    for first, is_partial in ((date(2024, 1, 1), False), (date(2023, 12, 31), True)):
        [total] = query(con, "select * from metrics.revenue(since := $1)", first)
        assert total["is_partial"] is is_partial
