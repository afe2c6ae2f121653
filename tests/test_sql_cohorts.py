"""Cohorts of customers, why and when they leave, and what is kept over several months."""

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from tests.oracle_cohorts import Cell, cohort_cells, loss_cells, retention
from tests.oracle_revenue import Books, Policies
from tests.revenue_ledgers import PERIODS, build, cents, ledgers
from tests.support.examples import worlds as worlds_tried
from tests.support.worlds import World, query, warehouse

MODELS = (
    "reports.retention_cohorts",
    "reports.evidence_cohort",
    "reports.churn_analysis",
    "reports.retention",
    "metrics.revenue",
    "checks.cohorts_are_bounded",
    "checks.cohorts_meet_books",
    "checks.losses_meet_books",
    "checks.retention_meets_metrics",
)
worlds = settings(
    max_examples=worlds_tried(5),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

# A and B first pay in January, C in February. A rises from 100 to 150 in June; B leaves
# with 50 in August; C (20) leaves in April and comes back at 30 in September.
PAID = [
    ("a", "A", date(2024, 1, 10), date(2024, 6, 1), 10000, "Basic"),
    ("a", "A", date(2024, 6, 1), None, 15000, "Pro"),
    ("b", "B", date(2024, 1, 20), date(2024, 8, 1), 5000, "Pro"),
    ("c", "C", date(2024, 2, 1), date(2024, 4, 1), 2000, "Pro"),
    ("c", "C", date(2024, 9, 1), None, 3000, "Pro"),
]
CUSTOMERS = [("A", "SMB", "EU", "x"), ("B", "SMB", "US", "x"), ("C", "ENT", "US", "x")]


def company(as_of: date = date(2024, 9, 15), **policies: bool) -> Books:
    names = ["customer_id", "segment", "region", "channel"]
    return Books(
        pl.DataFrame(PAID, schema=PERIODS, orient="row"),
        pl.DataFrame(CUSTOMERS, schema=names, orient="row"),
        as_of,
        Policies(**policies),
    )


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return build(company(), MODELS)


def report(con: duckdb.DuckDBPyConnection, call: str) -> list[dict[str, Any]]:
    return query(con, f"select * from reports.{call}")


def by_age(rows: list[dict[str, Any]], cohort: date | None) -> list[tuple[Any, ...]]:
    return [
        (row["retained_customers"], cents(row["retained_mrr"]))
        for row in rows
        if row["cohort_month"] == cohort and row["months_since"] < 9
    ]


def test_cohorts_are_followed_up_to_the_last_complete_month(con: duckdb.DuckDBPyConnection) -> None:
    """It is 15 September: August, 7 months after January, is the last month that is over."""
    rows = report(con, "retention_cohorts()")
    assert by_age(rows, date(2024, 1, 1)) == [
        (2, 15000), (2, 15000), (2, 15000), (2, 15000), (2, 15000),
        (2, 20000), (2, 20000), (1, 15000), (None, None),
    ]  # fmt: skip
    assert by_age(rows, date(2024, 2, 1)) == [
        (1, 2000), (1, 2000), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (None, None), (None, None),
    ]  # fmt: skip
    ages = [row["months_since"] for row in rows if row["cohort_month"] == date(2024, 2, 1)]
    assert ages == list(range(25))


def test_the_average_is_a_ratio_of_sums_over_who_came_that_far(
    con: duckdb.DuckDBPyConnection,
) -> None:
    total = {row["months_since"]: row for row in report(con, "retention_cohorts()")
             if row["is_total"]}  # fmt: skip
    # 6 months on: 2 of the 3 customers, paying 200 of 170; a mean of ratios says 50 % and 67 %
    assert total[6]["logo_retention"] == pytest.approx(2 / 3)
    assert total[6]["mrr_retention"] == pytest.approx(200 / 170)
    # 7 months on only January's cohort can be asked: 1 of its 2, paying 150 of 150
    assert (total[7]["cohorts"], total[7]["cohort_customers"]) == (1, 2)
    assert (total[7]["logo_retention"], total[7]["mrr_retention"]) == (0.5, 1)
    assert max(total) == 7


def test_a_window_takes_its_cohorts_and_ends_where_it_ends(con: duckdb.DuckDBPyConnection) -> None:
    rows = report(con, "retention_cohorts(since := date '2024-02-01', until := date '2024-04-30')")
    # 29 April: March is the last month that is over
    assert by_age(rows, date(2024, 2, 1))[:3] == [(1, 2000), (1, 2000), (None, None)]
    assert not by_age(rows, date(2024, 1, 1))
    only = report(con, "retention_cohorts(segments := ['SMB'], plans := ['Pro'])")
    # A began on Basic: a cohort's slice is the one it began in
    assert by_age(only, date(2024, 1, 1))[6:8] == [(1, 5000), (0, 0)]


def test_the_rows_behind_a_cell_are_its_customers(con: duckdb.DuckDBPyConnection) -> None:
    """January's A rose from 100 to 150 in June, its B was gone in August; C came in February."""

    def behind(call: str) -> list[tuple[Any, ...]]:
        names = (
            *("customer_id", "cohort_mrr", "retained_mrr"),
            *("cohort_customers", "retained_customers"),
        )
        rows = report(con, f"evidence_cohort({call})")
        return [tuple(row[name] for name in names) for row in rows]

    january = "cohort_month := date '2024-01-01'"
    assert behind(f"{january}, months_since := 7") == [("A", 100, 150, 1, 1), ("B", 50, 0, 1, 0)]
    assert behind(f"{january}, months_since := 8") == []
    assert behind(f"{january}, months_since := 6") == [("A", 100, 150, 1, 1), ("B", 50, 50, 1, 1)]
    # 6 months on both cohorts can be asked, 7 months on January's only
    assert behind("months_since := 6") == [
        ("A", 100, 150, 1, 1), ("B", 50, 50, 1, 1), ("C", 20, 0, 1, 0),
    ]  # fmt: skip
    assert [row[0] for row in behind("months_since := 7")] == ["A", "B"]
    # A began on Basic, and 29 April ends before April does
    assert behind("months_since := 6, plans := ['Basic']") == [("A", 100, 150, 1, 1)]
    window = "since := date '2024-02-01', until := date '2024-04-30'"
    assert behind(f"months_since := 1, {window}") == [("C", 20, 20, 1, 1)]
    assert behind(f"months_since := 2, {window}") == []


def test_who_left_why_and_after_how_long(con: duckdb.DuckDBPyConnection) -> None:
    """C leaves in its 2nd month after February, B in its 7th after January.

    SMB's customers of 4 to 12 months are A and B from May to August: 8 customer-months at
    150, 150, 200, 200 MRR. ENT's of up to 3 is C in March and April: 40.
    """
    rows = report(con, "churn_analysis()")
    cells = [
        (row["segment"], row["tenure_band"], row["lost_customers"], row["churned_mrr"],
         row["customer_months"], row["mrr_months"])
        for row in rows
    ]  # fmt: skip
    assert cells == [
        ("ENT", "up to 3 months", 1, 20, 2, 40),
        ("SMB", "4 to 12 months", 1, 50, 8, 700),
        (None, None, 2, 70, 2 * 7 + 2, 3 * 150 + 700 + 40),
    ]
    assert [row["share_of_base"] for row in rows] == [1 / 2, 1 / 8, 2 / 16]
    assert [row["share_of_lost_customers"] for row in rows] == [0.5, 0.5, 1]
    april = report(con, "churn_analysis(since := date '2024-04-01', until := date '2024-05-01')")
    assert [row["share_of_base"] for row in april] == [1, 1 / 3]


def test_a_window_without_losses_lost_nothing(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = report(con, "churn_analysis(until := date '2024-03-01')")
    assert (row["is_total"], row["lost_customers"], row["churned_mrr"]) == (True, 0, 0)


def test_reasons_of_one_snapshot_have_no_base() -> None:
    rows = [
        {"customer_id": "A", "mrr": 0, "churned_flag": True, "churn_reason": "Price",
         "start_date": date(2023, 1, 5), "churn_date": date(2024, 2, 7), "segment": "SMB"},
        {"customer_id": "B", "mrr": 9, "churned_flag": False, "churn_reason": None,
         "start_date": date(2023, 1, 5), "churn_date": None, "segment": "SMB"},
    ]  # fmt: skip
    con = warehouse(World({"revenue_customers": rows}, as_of=date(2024, 3, 31)), MODELS)
    lost, total = report(con, "churn_analysis()")
    assert (lost["churn_reason"], lost["tenure_band"]) == ("Price", "13 to 24 months")
    for row in (lost, total):
        assert row["lost_customers"] == 1
        assert row["churned_mrr"] is None
        assert row["share_of_base"] is None
    assert report(con, "retention_cohorts()") == []
    assert report(con, "evidence_cohort()") == []
    assert [row["nrr"] for row in report(con, "retention()")] == [None, None, None]


def test_what_is_kept_over_1_3_and_12_months() -> None:
    """As of 30 September. August: 150. June: A 150 and B 50. 12 months ago nobody paid."""
    con = build(company(date(2024, 9, 30)), MODELS)
    rows = {row["span_months"]: row for row in report(con, "retention()") if row["is_total"]}
    assert (rows[1]["base_mrr"], rows[1]["nrr"], rows[1]["logo_retention"]) == (150, 1, 1)
    assert (rows[3]["base_mrr"], rows[3]["nrr"], rows[3]["grr"]) == (200, 0.75, 0.75)
    assert rows[12]["nrr"] is None
    # in April C is gone: of 170 in March 150 are kept; over 3 months, January's 150 are
    april = report(con, "retention(until := date '2024-05-01')")
    totals = {row["span_months"]: row["nrr"] for row in april if row["is_total"]}
    assert totals == {1: pytest.approx(150 / 170), 3: 1, 12: None}


def test_who_came_back_counts_as_kept_only_where_the_policy_says_so() -> None:
    ends = {}
    for kept in (True, False):
        books = company(date(2025, 2, 28), reactivated_count_as_kept=kept)
        rows = report(build(books, MODELS), "retention(segments := ['ENT'])")
        ends[kept] = {row["span_months"]: row["nrr"] for row in rows if row["is_total"]}
    assert ends == {True: {1: 1, 3: 1, 12: 1.5}, False: {1: 1, 3: 1, 12: 0}}


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        ("cohorts_are_bounded",
         "update marts.cohort_months set retained_customers = 9 where months_since = 3"),
        ("cohorts_meet_books", "delete from marts.cohort_months where months_since = 2"),
        ("losses_meet_books", "delete from marts.opening_base where churn_reason is not null"),
        ("retention_meets_metrics", "update marts.customer_months set closing_mrr = 999"
         " where customer_id = 'A' and month = '2025-02-01'"),
    ],
)  # fmt: skip
def test_a_check_finds_broken_cohorts(check: str, damage: str) -> None:
    con = build(company(date(2025, 2, 28)), MODELS)
    assert query(con, f"select * from checks.{check}") == []
    con.execute(damage)
    assert query(con, f"select * from checks.{check}") != []


def behind(con: duckdb.DuckDBPyConnection, cell: Cell, given_: str) -> Cell:
    """The cell as the rows behind it add up to it."""
    whose = f"cohort_month := date '{cell.cohort}'" if cell.cohort else ""
    asked = ", ".join(part for part in (whose, f"months_since := {cell.age}", given_) if part)
    (row,) = query(
        con,
        "select sum(cohort_customers) as begun, sum(retained_customers) as retained,"
        " sum(cohort_mrr) as cohort_mrr, sum(retained_mrr) as retained_mrr"
        f" from reports.evidence_cohort({asked})",
    )
    paid = cents(row["cohort_mrr"]), cents(row["retained_mrr"])
    return Cell(cell.cohort, cell.age, row["begun"], row["retained"], *paid)


@worlds
@given(ledgers())
def test_cohorts_losses_and_retention_equal_the_definitions(books: Books) -> None:
    con = build(books, MODELS)
    for segments in (None, ["SMB", "unknown"]):
        given_ = f"segments := {segments}" if segments else ""
        found = [
            Cell(
                row["cohort_month"], row["months_since"], row["cohort_customers"],
                row["retained_customers"], cents(row["cohort_mrr"]), cents(row["retained_mrr"]),
            )
            for row in report(con, f"retention_cohorts({given_})")
        ]  # fmt: skip
        assert found == cohort_cells(books, segments)
        for cell in found:
            if cell.retained is not None and cell.age in (0, 2, 13):
                assert behind(con, cell, given_) == cell
    if not books.policies.joined_and_left_count:
        lost = {
            (row["segment"], row["tenure_band"]): (
                row["lost_customers"], cents(row["churned_mrr"]),
                row["customer_months"], cents(row["mrr_months"]),
            )
            for row in report(con, "churn_analysis()")
            if not row["is_total"]
        }  # fmt: skip
        assert lost == loss_cells(books)
    for row in report(con, "retention()"):
        if row["is_total"]:
            kept = tuple(cents(row[n]) or 0 for n in ("base_mrr", "kept_mrr", "kept_capped_mrr"))
            assert kept == (retention(books, row["span_months"]) or (0, 0, 0))
    for check in (name for name in MODELS if name.startswith("checks.")):
        assert query(con, f"select * from {check}") == []
