"""Windows, filters, slices and policies of `metrics.revenue` on one small company."""

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.policy import Policy
from tests.support.worlds import World, query, warehouse

AS_OF = date(2024, 5, 10)
MODELS = (
    "metrics.revenue",
    "reports.mrr_waterfall",
    "reports.mrr_by_segment",
    "reports.churn_reasons",
)
# A pays 100 from January on, and 150 from 15 March. B, of another segment, pays 80 from
# 10 February to 20 April. C begins 40 on 5 May.
PERIODS = [
    ("a", "A", date(2024, 1, 1), date(2024, 3, 15), 100, "Basic"),
    ("a", "A", date(2024, 3, 15), None, 150, "Pro"),
    ("b", "B", date(2024, 2, 10), date(2024, 4, 20), 80, "Pro"),
    ("c", "C", date(2024, 5, 5), None, 40, "Pro"),
]
CUSTOMERS = [("A", "SMB", "EU"), ("B", "ENT", "US"), ("C", "SMB", None)]


def company(has_regions: bool = True, has_plans: bool = True, **policy: Any) -> World:
    periods = pl.DataFrame(
        PERIODS,
        schema=["subscription_id", "customer_id", "start_date", "end_date", "mrr", "plan"],
        orient="row",
    )
    customers = pl.DataFrame(
        CUSTOMERS, schema=["customer_id", "segment", "geo"], orient="row"
    ).with_columns(
        start_date=pl.lit(date(2024, 1, 1)), mrr=pl.lit(0), churned_flag=pl.lit(False),
        plan=pl.lit("Today"), churn_reason=pl.lit("Price"),
    )  # fmt: skip
    rows = {
        "subscriptions": periods if has_plans else periods.drop("plan"),
        "revenue_customers": customers if has_regions else customers.drop("geo"),
    }
    return World(rows, as_of=AS_OF, policy=Policy(**policy))


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return warehouse(company(), MODELS)


def revenue(con: duckdb.DuckDBPyConnection, arguments: str = "") -> list[dict[str, Any]]:
    return query(con, f"select * from metrics.revenue({arguments})")


def total(con: duckdb.DuckDBPyConnection, arguments: str = "") -> dict[str, Any]:
    (row,) = [row for row in revenue(con, arguments) if row["is_total"]]
    return row


def test_a_stock_is_taken_on_the_last_day_of_the_window(con: duckdb.DuckDBPyConnection) -> None:
    stock = {
        until: total(con, f"until := date '{until}'")["mrr"]
        for until in ("2024-02-10", "2024-02-11", "2024-03-15", "2024-03-16", "2024-04-20")
    }
    # until is exclusive; B begins on 10 February, A rises on 15 March, B ends on 20 April
    assert stock == {
        "2024-02-10": 100, "2024-02-11": 180, "2024-03-15": 180,
        "2024-03-16": 230, "2024-04-20": 230,
    }  # fmt: skip


def test_a_stock_does_not_depend_on_since(con: duckdb.DuckDBPyConnection) -> None:
    assert total(con, "since := date '2024-05-10'")["mrr"] == 190
    assert total(con, "until := date '2030-01-01'")["mrr"] == 190


def test_churn_is_that_of_the_last_month_end_inside_the_window(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # without bounds: April, which opened with 230 and lost B's 80
    assert total(con)["gross_mrr_churn"] == pytest.approx(80 / 230)
    # up to 15 April the last complete month is March: 50 gained, nothing lost
    march = total(con, "until := date '2024-04-16'")
    assert (march["opening_mrr"], march["expansion_mrr"], march["lost_mrr"]) == (180, 50, 0)
    assert march["quick_ratio"] is None
    # no month ends between 1 and 9 May
    may = total(con, "since := date '2024-05-01', until := date '2024-05-10'")
    assert (may["opening_mrr"], may["logo_churn"], may["mrr"]) == (None, None, 190)


def test_nothing_is_known_of_a_window_outside_the_ledger(con: duckdb.DuckDBPyConnection) -> None:
    for bounds in ("until := date '2023-12-31'", "since := date '2024-06-01'"):
        row = total(con, bounds)
        assert row["mrr"] is None
        assert row["paying_customers"] is None
        assert row["is_partial"]


def test_only_the_running_period_and_cut_ones_are_partial(con: duckdb.DuckDBPyConnection) -> None:
    months = {row["slice"]: row["is_partial"] for row in revenue(con, "\"by\" := 'month'")}
    assert [slice_ for slice_, is_partial in months.items() if is_partial] == ["2024-05-01"]
    cut = revenue(con, "since := date '2024-02-10', until := date '2024-04-01', by := 'month'")
    assert [(row["slice"], row["is_partial"]) for row in cut] == [
        ("2024-02-01", True), ("2024-03-01", False), (None, False),
    ]  # fmt: skip
    assert total(con, "since := date '2023-01-01'")["is_partial"]
    assert total(con, "until := date '2024-05-12'")["is_partial"]
    assert not total(con, "until := date '2024-05-11'")["is_partial"]


def test_a_slice_that_died_stands_at_nothing_today(con: duckdb.DuckDBPyConnection) -> None:
    segments = {row["slice"]: row for row in revenue(con, "\"by\" := 'segment'")}
    assert (segments["ENT"]["mrr"], segments["ENT"]["paying_customers"]) == (0, 0)
    assert segments["ENT"]["logo_churn"] == 1
    assert segments["SMB"]["logo_churn"] == 0
    months = revenue(con, "segments := ['ENT'], \"by\" := 'month'")
    assert [row["mrr"] for row in months] == [0, 80, 80, 0, 0, 0]


def test_a_plan_is_that_of_its_time(con: duckdb.DuckDBPyConnection) -> None:
    assert total(con, "plans := ['Basic'], until := date '2024-03-01'")["mrr"] == 100
    assert total(con, "plans := ['Basic']")["mrr"] == 0
    assert total(con, "plans := ['Pro'], until := date '2024-04-01'")["mrr"] == 230


def test_without_a_plan_column_the_ledger_takes_the_customers_plan() -> None:
    con = warehouse(company(has_plans=False), MODELS)
    assert [row["slice"] for row in revenue(con, "\"by\" := 'plan'")] == ["Today", None]


def test_an_empty_region_is_a_member_and_a_missing_column_is_named(
    con: duckdb.DuckDBPyConnection,
) -> None:
    known = total(con, "regions := ['unknown']")
    assert (known["mrr"], known["filters_not_applied"]) == (40, [])
    blind = warehouse(company(has_regions=False), MODELS)
    row = total(blind, "regions := ['EU']")
    assert (row["mrr"], row["filters_not_applied"]) == (190, ["regions"])
    for report in ("mrr_waterfall", "mrr_by_segment", "churn_reasons"):
        rows = query(blind, f"select * from reports.{report}(regions := ['EU'])")
        assert rows[0]["filters_not_applied"] == ["regions"]


def test_periods_follow_the_fiscal_year_and_the_first_day_of_the_week() -> None:
    con = warehouse(company(fiscal_year_start_month=2, week_start="sunday"), MODELS)

    def slices(grain: str) -> list[str]:
        return [row["slice"] for row in revenue(con, f"\"by\" := '{grain}'")]

    assert slices("quarter") == ["2023-11-01", "2024-02-01", "2024-05-01", None]
    assert slices("year") == ["2023-02-01", "2024-02-01", None]
    assert slices("week")[:2] == ["2023-12-31", "2024-01-07"]


def test_an_unknown_by_names_the_known_ones(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match=r"owner is not one of segment, plan, region, channel"):
        revenue(con, "\"by\" := 'owner'")


def test_the_waterfall_takes_the_months_measured_in_the_window(
    con: duckdb.DuckDBPyConnection,
) -> None:
    sql = "select month from reports.mrr_waterfall(since := $1, until := $2)"
    rows = query(con, sql, date(2024, 2, 15), date(2024, 4, 30))
    assert [row["month"] for row in rows] == [date(2024, 2, 1), date(2024, 3, 1)]
    # the running month is measured on the as-of date, 10 May
    assert query(con, sql, AS_OF, date(2024, 5, 11))[0]["month"] == date(2024, 5, 1)


def test_churn_reasons_add_up_to_the_waterfall(con: duckdb.DuckDBPyConnection) -> None:
    (reason,) = query(con, "select * from reports.churn_reasons()")
    assert (reason["churn_reason"], reason["churned_customers"]) == ("Price", 1)
    assert reason["churned_mrr"] == 80
