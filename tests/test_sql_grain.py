"""The MRR waterfall by month, quarter and year."""

from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.policy import Policy
from tests.oracle_revenue import Books, months_before
from tests.revenue_ledgers import PLANS, build, ledgers
from tests.support.worlds import World, query, warehouse

MODELS = ("reports.mrr_waterfall",)
FLOWS = (
    "new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr",
    "transferred_in_mrr", "transferred_out_mrr",
)  # fmt: skip
# A pays 100 on Basic from 10 January 2024 and 150 on Pro from 1 June; B pays 50 from
# February and leaves on 1 August, back at 30 from December.
PERIODS = [
    {"subscription_id": "a", "customer_id": "A", "start_date": date(2024, 1, 10),
     "end_date": date(2024, 6, 1), "mrr": 100, "plan": "Basic"},
    {"subscription_id": "a", "customer_id": "A", "start_date": date(2024, 6, 1),
     "end_date": None, "mrr": 150, "plan": "Pro"},
    {"subscription_id": "b", "customer_id": "B", "start_date": date(2024, 2, 1),
     "end_date": date(2024, 8, 1), "mrr": 50, "plan": "Pro"},
    {"subscription_id": "b", "customer_id": "B", "start_date": date(2024, 12, 1),
     "end_date": None, "mrr": 30, "plan": "Pro"},
]  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return warehouse(World({"subscriptions": PERIODS}, date(2025, 2, 10)), MODELS)


def waterfall(con: duckdb.DuckDBPyConnection, arguments: str) -> list[dict[str, Any]]:
    return query(con, f"select * from reports.mrr_waterfall({arguments})")


def flows(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("opening_mrr", *FLOWS[:5], "closing_mrr")
    return (row["month"], *(row[name] for name in names))


def test_a_quarter_adds_its_months(con: duckdb.DuckDBPyConnection) -> None:
    rows = waterfall(con, "grain := 'quarter'")
    assert [flows(row) for row in rows] == [
        (date(2024, 1, 1), 0, 150, 0, 0, 0, 0, 150),
        (date(2024, 4, 1), 150, 0, 0, 50, 0, 0, 200),
        (date(2024, 7, 1), 200, 0, 0, 0, 0, 50, 150),
        (date(2024, 10, 1), 150, 0, 30, 0, 0, 0, 180),
        (date(2025, 1, 1), 180, 0, 0, 0, 0, 0, 180),
    ]
    assert [row["is_partial"] for row in rows] == [False] * 4 + [True]
    assert rows[-1]["period_end"] == date(2025, 4, 1)


def test_a_year_is_fiscal() -> None:
    world = World({"subscriptions": PERIODS}, date(2025, 2, 10), Policy(fiscal_year_start_month=8))
    rows = waterfall(warehouse(world, MODELS), "grain := 'year'")
    # B leaves in the first month of the second year
    assert [flows(row) for row in rows] == [
        (date(2024, 1, 1), 0, 150, 0, 50, 0, 0, 200),
        (date(2024, 8, 1), 200, 0, 30, 0, 0, 50, 180),
    ]
    assert [row["period_end"] for row in rows] == [date(2024, 8, 1), date(2025, 8, 1)]
    # nothing is known of August to December 2023, and the second year runs
    assert [row["is_partial"] for row in rows] == [True, True]


def test_a_window_cuts_a_period_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    rows = waterfall(con, "grain := 'quarter', since := date '2024-05-15', until := '2024-10-01'")
    assert [(row["month"], row["opening_mrr"], row["is_partial"]) for row in rows] == [
        (date(2024, 5, 1), 150, True), (date(2024, 7, 1), 200, False),
    ]  # fmt: skip


def test_a_move_between_plans_shows_where_the_plans_are_told_apart(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """A goes from Basic to Pro with 100 in June; of the whole nothing came or went."""
    [pro] = [row for row in waterfall(con, "grain := 'year', plans := ['Pro']")
             if row["month"] == date(2024, 1, 1)]  # fmt: skip
    assert (pro["transferred_in_mrr"], pro["expansion_mrr"], pro["closing_mrr"]) == (100, 50, 180)
    whole = waterfall(con, "grain := 'year'")
    assert {row["transferred_in_mrr"] for row in whole} == {0}
    assert {row["transferred_out_mrr"] for row in whole} == {0}


def test_another_grain_is_an_error_that_lists_them(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match="not one of month, quarter, year"):
        waterfall(con, "grain := 'week'")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ledgers(), st.sampled_from([None, ["Pro"]]), st.sampled_from([("quarter", 3), ("year", 12)])
)  # fmt: skip
def test_longer_periods_are_their_months(
    books: Books, plans: list[str] | None, grain: tuple[str, int]
) -> None:
    con = build(books, MODELS)
    chosen = f", plans := {plans}" if plans else ""
    months = waterfall(con, f"grain := 'month'{chosen}")
    rows = waterfall(con, f"grain := '{grain[0]}'{chosen}")
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        own = [m for m in months if months_before(row["period_end"], grain[1]) <= m["month"]
               < row["period_end"]]  # fmt: skip
        assert row["opening_mrr"] == own[0]["opening_mrr"]
        assert row["closing_mrr"] == own[-1]["closing_mrr"]
        for name in FLOWS:
            assert row[name] == sum(month[name] for month in own)
        moved = [row[name] for name in FLOWS]
        gained, lost = sum(moved[:3]) + moved[5], sum(moved[3:5]) + moved[6]
        assert row["closing_mrr"] == row["opening_mrr"] + gained - lost
        if following and not plans:
            assert following["opening_mrr"] == row["closing_mrr"]
        assert row["is_partial"] == (len(own) < grain[1] or own[-1]["is_partial"])
    # whoever leaves one plan comes to the other, in every period
    split = [waterfall(con, f"grain := '{grain[0]}', plans := ['{plan}']") for plan in PLANS]
    for parts in zip(*split, strict=True):
        arrived = sum(part["transferred_in_mrr"] for part in parts)
        assert arrived == sum(part["transferred_out_mrr"] for part in parts)
