"""Revenue from the customer files of several builds: no subscription ledger, and yet history."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pytest

from pipeline.meta import mrr_source
from tests.support.worlds import World, query, run_wanted, state

MODELS = (
    "metrics.revenue",
    "reports.mrr_waterfall",
    "reports.churn_analysis",
    "reports.retention",
    "reports.retention_cohorts",
    "reports.policy_impact",
    "checks.customers_missing_from_snapshots",
    "checks.customer_movements_balance",
    "checks.revenue_slices_balance",
    "checks.revenue_slices_chain",
    "checks.revenue_days_meet_months",
    "checks.customer_months_are_unique",
    "checks.customer_attributes_are_unique",
    "checks.revenue_totals_are_sums",
    "checks.losses_meet_books",
)
BALANCE = tuple(name for name in MODELS if name.startswith("checks.") and "missing" not in name)
Customers = Mapping[str, Mapping[str, Any]]


def paying(mrr: int, segment: str = "SMB", **given: Any) -> dict[str, Any]:
    return {"mrr": mrr, "segment": segment, "churned_flag": False, "churn_date": None, **given}


LEFT = {"mrr": 0, "segment": "SMB", "churned_flag": True, "churn_date": date(2024, 3, 5),
        "churn_reason": "Price"}  # fmt: skip


def snapshots(
    days: Mapping[date, Customers], corrected: Mapping[date, Customers] | None = None
) -> duckdb.DuckDBPyConnection:
    """A build as of the last day, after one build per day before it.

    `corrected`: a later build's word on days before.
    """
    con = duckdb.connect()
    today = max(days)
    state(con, World({"revenue_customers": rows_of(days[today])}, as_of=today))
    earlier = [(day, days[day]) for day in sorted(days) if day != today]
    for number, (day, customers) in enumerate([*earlier, *(corrected or {}).items()], -99):
        other = duckdb.connect()
        state(other, World({"revenue_customers": rows_of(customers)}, as_of=day))
        for table in ("raw.customer_ledger", "meta.history where subject = 'customers'"):
            rows = other.sql(f"select * replace ({number} as known_at) from {table}").pl()
            con.register("rows", rows)
            con.execute(f"insert into {table.split()[0]} by name select * from rows").fetchall()
            con.unregister("rows")
    con.execute("update meta.build set mrr_source = ?", [mrr_source(con)]).fetchall()
    run_wanted(con, MODELS)
    return con


def rows_of(customers: Customers) -> list[dict[str, Any]]:
    return [
        {"customer_id": name, "account": name, "plan": "Pro", "start_date": date(2023, 5, 1),
         "churn_reason": None, "geo": "EU", **row}
        for name, row in customers.items()
    ]  # fmt: skip


def waterfall(con: duckdb.DuckDBPyConnection, arguments: str = "") -> list[tuple[Any, ...]]:
    names = (
        "opening_mrr", "new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr",
        "churned_mrr", "transferred_in_mrr", "transferred_out_mrr", "closing_mrr",
    )  # fmt: skip
    rows = query(con, f"select * from reports.mrr_waterfall({arguments})")
    return [(row["month"].month, *(row[name] for name in names)) for row in rows]


def breaks(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for name in BALANCE if query(con, f"select * from {name}")]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Four exports. A grows, B leaves and says so, C comes, D moves to ENT, E is listed no more."""
    return snapshots(
        {
            date(2024, 1, 31): {"A": paying(100), "B": paying(50), "D": paying(30),
                                "E": paying(70)},
            date(2024, 2, 29): {"A": paying(120), "B": paying(50), "D": paying(30, "ENT"),
                                "E": paying(70)},
            date(2024, 3, 31): {"A": paying(120), "B": LEFT, "C": paying(40),
                                "D": paying(30, "ENT")},
            date(2024, 4, 30): {"A": paying(110), "B": paying(20), "C": paying(40),
                                "D": paying(30, "ENT")},
        }
    )  # fmt: skip


def test_the_source_is_the_best_there_is(con: duckdb.DuckDBPyConnection) -> None:
    assert mrr_source(con) == "snapshots"
    two_in_a_month = {date(2024, 1, 3): {"A": paying(1)}, date(2024, 1, 31): {"A": paying(2)}}
    assert mrr_source(snapshots(two_in_a_month)) == "one_snapshot"


def test_the_months_after_the_first_snapshot_are_told(con: duckdb.DuckDBPyConnection) -> None:
    """E, listed no more in March, is not churned: its 70 go out of what is known."""
    assert waterfall(con) == [
        (2, 250, 0, 0, 20, 0, 0, 0, 0, 270),
        (3, 270, 40, 0, 0, 0, 50, 0, 70, 190),
        (4, 190, 0, 20, 0, 10, 0, 0, 0, 200),
    ]
    assert breaks(con) == []


def test_slices_are_those_of_their_time(con: duckdb.DuckDBPyConnection) -> None:
    assert waterfall(con, "segments := ['ENT']")[0] == (2, 0, 0, 0, 0, 0, 0, 30, 0, 30)
    assert waterfall(con, "segments := ['SMB']")[1] == (3, 240, 40, 0, 0, 0, 50, 0, 70, 160)


def test_who_is_listed_no_more_is_no_lost_customer(con: duckdb.DuckDBPyConnection) -> None:
    [row] = query(con, "select * from metrics.revenue(until := date '2024-04-01')")
    # of 4 customers at the end of February B left
    assert (row["opening_customers"], row["lost_customers"]) == (4, 1)
    assert row["logo_churn"] == 0.25
    assert row["mrr"] == 190
    assert row["nrr"] is None
    # what February's other 200 came to: A 120, B 0, D 30
    spans = query(con, "select * from reports.retention(until := date '2024-04-01')")
    assert [row["nrr"] for row in spans if row["is_total"]] == [150 / 200, None, None]
    [missing] = query(con, "select * from checks.customers_missing_from_snapshots")
    assert (missing["customer_id"], missing["gap"]) == ("E", 70)
    lost = query(con, "select * from reports.churn_analysis()")
    assert [row["lost_customers"] for row in lost] == [1, 1]
    assert query(con, "select * from reports.retention_cohorts()") == []


def test_before_the_first_known_month_end_nothing_is_known(con: duckdb.DuckDBPyConnection) -> None:
    [row] = query(con, "select * from metrics.revenue(until := date '2024-02-15')")
    assert row["mrr"] is None


def test_who_was_missing_once_and_is_back_was_there_all_along() -> None:
    con = snapshots(
        {
            date(2024, 1, 31): {"A": paying(100), "B": paying(50)},
            date(2024, 2, 29): {"A": paying(100)},
            date(2024, 3, 31): {"A": paying(100), "B": paying(60)},
        }
    )
    assert waterfall(con) == [
        (2, 150, 0, 0, 0, 0, 0, 0, 0, 150), (3, 150, 0, 0, 10, 0, 0, 0, 0, 160),
    ]  # fmt: skip
    assert query(con, "select * from checks.customers_missing_from_snapshots") == []


def test_who_was_announced_to_leave_has_left() -> None:
    con = snapshots(
        {
            date(2024, 1, 31): {"A": paying(100), "B": paying(50, churn_date=date(2024, 3, 20))},
            date(2024, 2, 29): {"A": paying(100), "B": paying(50, churn_date=date(2024, 3, 20))},
            date(2024, 3, 20): {"A": paying(100)},
        }
    )
    assert waterfall(con)[-1] == (3, 150, 0, 0, 0, 0, 50, 0, 0, 100)
    assert breaks(con) == []


def test_the_later_word_on_a_day_counts() -> None:
    days = {
        date(2024, 1, 31): {"A": paying(100), "B": paying(50)},
        date(2024, 2, 29): {"A": paying(100), "B": paying(50)},
        date(2024, 3, 31): {"A": paying(100), "B": paying(50)},
    }
    con = snapshots(days, {date(2024, 2, 29): {"A": paying(90), "B": paying(50)}})
    assert waterfall(con) == [
        (2, 150, 0, 0, 0, 10, 0, 0, 0, 140), (3, 140, 0, 0, 10, 0, 0, 0, 0, 150),
    ]  # fmt: skip


def test_who_was_listed_at_0_is_new_when_it_pays() -> None:
    free = {date(2024, month, 28): {"A": paying(5), "F": paying(0)} for month in (1, 2, 3)}
    con = snapshots({**free, date(2024, 4, 30): {"A": paying(5), "F": paying(10)}})
    assert waterfall(con)[-1] == (4, 5, 10, 0, 0, 0, 0, 0, 0, 15)
