"""What must not matter does not matter, and books that do not balance are found."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.oracle_revenue import Books, Policies
from tests.revenue_ledgers import DAY, PERIODS, build, ledgers
from tests.support.worlds import World, query, warehouse

few = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# check -> a change to the books that it must find
BROKEN = {
    "customer_movements_balance": "delete from marts.mrr_movements where movement = 'churn'",
    "customer_closing_is_next_opening": "update marts.customer_months set opening_mrr = 1",
    "customer_months_are_unique": "insert into marts.customer_months from marts.customer_months",
    "customer_attributes_are_unique": "insert into intermediate.customer_attributes"
    " from intermediate.customer_attributes limit 1",
    "mrr_equals_running_periods": "delete from marts.revenue_monthly where segment = 'SMB'",
    "revenue_slices_balance": "delete from marts.mrr_movements where movement = 'transferred_in'",
    "revenue_slices_chain": "update marts.revenue_monthly set opening_mrr = opening_mrr + 1",
    "revenue_days_meet_months": "delete from marts.revenue_daily where date = '2024-01-10'",
    "transfers_cancel": "delete from marts.mrr_movements where movement = 'transferred_out'",
    "retention_is_bounded": "update marts.revenue_monthly set kept_capped_mrr_12m = 9999",
    "revenue_totals_are_sums": "update marts.revenue_monthly set plan = null where plan = 'Pro'",
    "revenue_ratios_are_of_totals": "update marts.revenue_monthly set segment = null"
    " where segment = 'ENT'",
}
HOLDS = (*BROKEN, "customers_disagree_with_subscriptions", "subscriptions_of_unknown_customers")


def company() -> Books:
    """A moves from Basic to Pro and stays; B leaves; C comes back."""
    periods = [
        ("a", "A", date(2024, 1, 10), date(2024, 6, 1), 10000, "Basic"),
        ("a", "A", date(2024, 6, 1), None, 15000, "Pro"),
        ("b", "B", date(2024, 1, 20), date(2024, 8, 1), 5000, "Pro"),
        ("c", "C", date(2024, 2, 1), date(2024, 4, 1), 2000, "Pro"),
        ("c", "C", date(2024, 9, 1), None, 3000, "Pro"),
    ]
    customers = [("A", "SMB", "EU", "x"), ("B", "SMB", "US", "x"), ("C", "ENT", "US", "x")]
    names = ["customer_id", "segment", "region", "channel"]
    return Books(
        pl.DataFrame(periods, schema=PERIODS, orient="row"),
        pl.DataFrame(customers, schema=names, orient="row"),
        date(2025, 3, 15),
        Policies(),
    )


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return build(company(), tuple(f"checks.{name}" for name in HOLDS))


@pytest.fixture
def books(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The company's books, restored after each test."""
    con.execute("begin")
    yield con
    con.execute("rollback")


@pytest.mark.parametrize("check", BROKEN)
def test_a_check_finds_broken_books(books: duckdb.DuckDBPyConnection, check: str) -> None:
    assert query(books, f"select * from checks.{check}") == []
    books.execute(BROKEN[check])
    assert query(books, f"select * from checks.{check}") != []


def test_a_snapshot_that_loses_a_customer_is_found() -> None:
    rows = [
        {"customer_id": name, "start_date": date(2024, 1, 1), "mrr": 10, "churned_flag": False}
        for name in ("A", "B")
    ]
    con = warehouse(World({"revenue_customers": rows}), ("checks.mrr_equals_customer_file",))
    assert query(con, "select * from checks.mrr_equals_customer_file") == []
    con.execute("update marts.revenue_monthly set closing_mrr = 10")
    (row,) = query(con, "select * from checks.mrr_equals_customer_file")
    assert row["gap"] == -10


@pytest.mark.slow
@few
@given(ledgers())
def test_every_check_holds_on_random_ledgers(books: Books) -> None:
    con = build(books, tuple(f"checks.{name}" for name in BROKEN))
    for check in BROKEN:
        assert query(con, f"select * from checks.{check}") == []


def answers(books: Books) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    con = build(books)
    return (
        query(con, "select * from reports.mrr_waterfall()"),
        query(con, "select * from metrics.revenue(\"by\" := 'month')"),
    )


def changed(books: Books, periods: pl.DataFrame) -> Books:
    return Books(periods, books.customers, books.as_of, books.policies)


@pytest.mark.slow
@few
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(books: Books, random: Any) -> None:
    order = list(range(books.periods.height))
    random.shuffle(order)
    assert answers(changed(books, books.periods[order])) == answers(books)


@pytest.mark.slow
@few
@given(ledgers(), st.integers(0, 99), st.integers(0, 9999))
def test_splitting_a_period_in_two_changes_nothing(books: Books, number: int, days: int) -> None:
    index = number % books.periods.height
    row = books.periods.row(index, named=True)
    length = ((row["end_date"] or books.as_of + 90 * DAY) - row["start_date"]).days
    assume(length > 1)
    cut = row["start_date"] + (1 + days % (length - 1)) * DAY
    halves = pl.DataFrame([{**row, "end_date": cut}, {**row, "start_date": cut}], schema=PERIODS)
    rest = books.periods.with_row_index().filter(pl.col("index") != index).drop("index")
    assert answers(changed(books, pl.concat([rest, halves]))) == answers(books)


@few
@given(ledgers())
def test_scaled_money_scales_the_books_and_leaves_the_ratios(books: Books) -> None:
    tripled = books.periods.with_columns(pl.col("mrr") * 3)
    scaled, plain = answers(changed(books, tripled))[1], answers(books)[1]
    for many, once in zip(scaled, plain, strict=True):
        assert many["mrr"] == 3 * once["mrr"]
        for name in ("nrr", "grr", "quick_ratio", "gross_mrr_churn"):
            expected = once[name] if once[name] is None else pytest.approx(once[name])
            assert many[name] == expected
