"""Unit economics: worked by hand, against an oracle in polars, and not known where they are not."""

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.policy import Policy
from tests.oracle_finance import NAMES, economics
from tests.oracle_revenue import Books, months_before
from tests.revenue_ledgers import build, cents, ledgers
from tests.support.examples import worlds as worlds_tried
from tests.support.worlds import World, query, warehouse

MODELS = (
    "metrics.finance",
    "reports.unit_economics",
    "reports.kpis",
    "checks.trailing_months_meet_accounts",
    "checks.accounts_have_no_gap",
    "checks.ratios_divide_their_parts",
)
# December 2024 is the last month that is over.
AS_OF = date(2025, 1, 10)


def accounts(months: int, last: date = date(2024, 12, 1)) -> list[dict[str, Any]]:
    """Revenue 1000 a month and 1100 in the last three; a third of it cost, 300 spent, 50 burnt."""
    return [
        {
            "month": months_before(last, age),
            "revenue": 1100 if age < 3 else 1000,
            "cost_of_revenue": 330 if age < 3 else 300,
            "sales_marketing_expense": 300,
            "net_burn": 50,
        }
        for age in reversed(range(months))
    ]


# A pays 100 since January 2023; B pays 50 from June 2024 and 20 since November; C began in
# December at 30.
PERIODS = [
    {"subscription_id": "a", "customer_id": "A", "start_date": date(2023, 1, 1),
     "end_date": None, "mrr": 100},
    {"subscription_id": "b", "customer_id": "B", "start_date": date(2024, 6, 1),
     "end_date": date(2024, 11, 1), "mrr": 50},
    {"subscription_id": "b", "customer_id": "B", "start_date": date(2024, 11, 1),
     "end_date": None, "mrr": 20},
    {"subscription_id": "c", "customer_id": "C", "start_date": date(2024, 12, 9),
     "end_date": None, "mrr": 30},
]  # fmt: skip
CUSTOMERS = [
    {"customer_id": name, "segment": "SMB", "start_date": date(2024, 1, 1), "mrr": 0,
     "churned_flag": False}
    for name in "ABC"
]  # fmt: skip


def company(
    months: int | None = 24,
    as_of: date = AS_OF,
    policy: Policy | None = None,
    **changes: Any,
) -> duckdb.DuckDBPyConnection:
    rows: dict[str, Any] = {"subscriptions": PERIODS, "revenue_customers": CUSTOMERS}
    if months is not None:
        rows["finance"] = accounts(months)
    kept = {name: given for name, given in {**rows, **changes}.items() if given is not None}
    return warehouse(World(kept, as_of=as_of, policy=policy or Policy()), MODELS)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return company()


def total(con: duckdb.DuckDBPyConnection, arguments: str = "") -> dict[str, Any]:
    [row] = [row for row in finance(con, arguments) if row["is_total"]]
    return row


def finance(con: duckdb.DuckDBPyConnection, arguments: str = "") -> list[dict[str, Any]]:
    return query(con, f"select * from metrics.finance({arguments})")


def reasons(con: duckdb.DuckDBPyConnection, arguments: str = "") -> dict[str, str | None]:
    rows = query(con, f"select * from reports.unit_economics({arguments})")
    return {row["metric"]: row["reason"] for row in rows}


def test_the_worked_company(con: duckdb.DuckDBPyConnection) -> None:
    """The months to December 2024.

    900 spent in 3 months on 1 new customer; margin (12300 − 3690) / 12300 = 0.7. MRR 150 of
    3 customers: ARPA 50. Lost 30 (B's contraction) of what the 12 months began with:
    6 x 100 + 5 x 150 + 120 = 1470. ARR grew by 12 x (150 - 100).
    """
    row = total(con)
    assert row["cac"] == 900
    assert row["gross_margin"] == pytest.approx(0.7)
    assert row["ltv"] == pytest.approx(50 * 0.7 / (30 / 1470))
    assert row["ltv_to_cac"] == pytest.approx(50 * 0.7 / (30 / 1470) / 900)
    # C pays 30, of which 21 are margin: 900 / 21
    assert row["cac_payback_months"] == pytest.approx(900 / 21)
    # 3300 after 3000: 4 x 300 on the 900 spent before
    assert row["magic_number"] == pytest.approx(4 * 300 / 900)
    assert row["net_new_arr"] == 600
    assert row["burn_multiple"] == pytest.approx(12 * 50 / 600)
    assert row["rule_of_40"] == pytest.approx(12300 / 12000 - 1 - 600 / 12300)
    assert not row["is_partial"]
    assert set(reasons(con).values()) == {None}


def test_an_earlier_window_ends_with_its_own_last_month(con: duckdb.DuckDBPyConnection) -> None:
    # 15 July: June is over. B is the new customer of April to June, at 50
    june = total(con, "since := date '2024-06-01', until := date '2024-07-16'")
    assert june["cac"] == 900
    assert june["cac_payback_months"] == pytest.approx(900 / (50 * 0.7))
    assert june["ltv"] is None
    assert reasons(con, "until := date '2024-07-16'")["ltv"].startswith("no churn")
    assert total(con, "since := date '2024-07-01', until := date '2024-07-16'")["cac"] is None


def test_periods_are_fiscal_and_the_running_one_is_partial() -> None:
    con = company(policy=Policy(fiscal_year_start_month=2))
    rows = {row["slice"]: row for row in finance(con, "\"by\" := 'quarter'")}
    # a quarter's CAC is that of its own three months; the last one lacks January
    assert rows["2024-05-01"]["new_customers_3m"] == 1
    assert rows["2024-08-01"]["cac"] is None
    assert not rows["2024-08-01"]["is_partial"]
    assert rows["2024-11-01"]["is_partial"]
    assert rows["2024-11-01"]["cac"] == 900
    years = finance(con, "\"by\" := 'year'")
    assert [row["slice"] for row in years] == ["2022-02-01", "2023-02-01", "2024-02-01", None]
    with pytest.raises(duckdb.Error, match="the accounts know no slices"):
        finance(con, "\"by\" := 'segment'")


def test_of_a_part_of_the_company_nothing_is_known(con: duckdb.DuckDBPyConnection) -> None:
    row = total(con, "segments := ['SMB'], plans := ['Pro']")
    assert row["filters_not_applied"] == ["segments", "plans"]
    assert {row[name] for name in NAMES} == {None}
    assert set(reasons(con, "segments := ['SMB']").values()) == {
        "finance.csv speaks of the whole company: no segments"
    }


def test_a_missing_month_leaves_unknown_what_spans_it() -> None:
    rows = accounts(24)
    del rows[-6]
    con = company(finance=rows)
    row = total(con)
    assert row["cac"] == 900
    assert (row["gross_margin"], row["magic_number"], row["rule_of_40"]) == (None, None, None)
    assert query(con, "select month from checks.accounts_have_no_gap") == [
        {"month": date(2024, 7, 1)}
    ]
    assert "lacks a month" in reasons(con)["gross_margin"]
    assert query(con, "select * from checks.trailing_months_meet_accounts") == []


def test_accounts_that_close_later_end_where_they_end() -> None:
    con = company(finance=accounts(24)[:-1])
    row = total(con)
    # November is the last month of the accounts: B's contraction is there, C is not
    assert row["is_partial"]
    assert (row["net_new_arr"], row["cac"]) == (240, None)
    [cac] = query(con, "select * from reports.kpis where metric = 'cac'")
    assert (cac["period_start"], cac["period_end"]) == (date(2024, 9, 1), date(2024, 12, 1))


def test_without_accounts_or_a_ledger_it_says_so() -> None:
    con = company(None)
    assert {total(con)[name] for name in NAMES} == {None}
    assert set(reasons(con).values()) == {"finance.csv was not supplied"}
    blind = company(subscriptions=None)
    row = total(blind)
    assert row["gross_margin"] == pytest.approx(0.7)
    assert row["magic_number"] == pytest.approx(4 * 300 / 900)
    assert (row["cac"], row["ltv"], row["burn_multiple"]) == (None, None, None)
    assert reasons(blind)["cac"].startswith("from one snapshot")


def test_asp_is_that_of_the_last_months_new_customers(con: duckdb.DuckDBPyConnection) -> None:
    row = query(con, "select * from metrics.revenue()")[-1]
    assert (row["asp"], row["new_customers"]) == (30, 1)
    earlier = query(con, "select * from metrics.revenue(until := date '2024-12-01')")[-1]
    assert (earlier["asp"], earlier["new_customers"]) == (None, 0)


@pytest.mark.parametrize(
    "damage",
    [
        "update marts.trailing_months set revenue_12m = revenue_12m + 1",
        "update marts.trailing_months set new_customers_3m = new_customers_3m + 1",
        "update marts.trailing_months set sales_marketing_expense_3m = null",
    ],
)
def test_a_check_finds_broken_trailing_sums(damage: str) -> None:
    con = company()
    assert query(con, "select * from checks.trailing_months_meet_accounts") == []
    con.execute(damage)
    assert query(con, "select * from checks.trailing_months_meet_accounts") != []


AMOUNTS = st.integers(0, 9).map(lambda thousands: 1000 * thousands)


@settings(max_examples=worlds_tried(5), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ledgers(), st.data(), st.none() | st.integers(1, 900), st.none() | st.integers(1, 900),
)  # fmt: skip
def test_economics_equal_the_definitions(
    books: Books, data: st.DataObject, since: int | None, until: int | None
) -> None:
    last = books.as_of.replace(day=1)
    rows = [
        {
            "month": months_before(last, age),
            "revenue": data.draw(AMOUNTS),
            "cost_of_revenue": data.draw(AMOUNTS),
            "sales_marketing_expense": data.draw(AMOUNTS),
            "net_burn": data.draw(AMOUNTS) - 4000,
        }
        for age in range(-1, 28)
        if data.draw(st.integers(0, 60))
    ]
    window = [None if days is None else months_before(last, days // 30).replace(day=1 + days % 28)
              for days in (since, until)]  # fmt: skip
    in_cents = pl.DataFrame(rows).with_columns(pl.exclude("month").cast(pl.Decimal(18, 6)) / 100)
    con = build(books, MODELS, finance=in_cents)
    [found] = query(
        con, "select * from metrics.finance(since := cast($1 as date), until := cast($2 as date))",
        *window,
    )  # fmt: skip
    expected = economics(books, rows, *window)
    money = ("cac", "ltv", "net_new_arr")
    for name in NAMES:
        value = cents(found[name])
        if value is not None and name in money and isinstance(found[name], float):
            value *= 100
        wanted = expected[name]
        assert value == (wanted if wanted is None else pytest.approx(wanted, rel=1e-9)), name
    for check in ("trailing_months_meet_accounts", "ratios_divide_their_parts"):
        assert query(con, f"select * from checks.{check}") == []
