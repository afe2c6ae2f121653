"""The rules on the installed base and on unit economics, on a handful of customers each."""

from datetime import date
from typing import Any

import pytest

from revops import Filters
from revops.insights.rules.cohorts import cohort_decay
from revops.insights.rules.concentration import concentration
from revops.insights.rules.contraction import contraction
from revops.insights.rules.economics import ltv_to_cac, payback
from revops.insights.rules.retention import grr_below_target
from revops.periods import add_months
from tests.insights.in_memory import built, said

BOOKS = ("marts.customer_months", "marts.mrr_movements", "intermediate.customer_attributes")


def customer(
    name: str, start: date, mrr: float, later: tuple[date, float] | None = None
) -> list[dict[str, Any]]:
    """What a customer pays from `start`, and another amount from `later`; 0 ends it."""
    first = {
        "subscription_id": name,
        "customer_id": name,
        "start_date": start,
        "end_date": later[0] if later else None,
        "mrr": mrr,
    }
    if later is None or not later[1]:
        return [first]
    return [first, {**first, "start_date": later[0], "end_date": None, "mrr": later[1]}]


def company(periods: list[list[dict[str, Any]]], *models: str, **rows: Any) -> Any:
    flat = [period for each in periods for period in each]
    names = dict.fromkeys(period["customer_id"] for period in flat)
    customers = [
        {
            "customer_id": name,
            "account": f"Account {name}",
            "segment": "SMB",
            "start_date": date(2024, 1, 1),
            "mrr": 0,
            "churned_flag": False,
        }
        for name in names
    ]
    return built({"subscriptions": flat, "revenue_customers": customers, **rows}, *models)


def test_a_wave_of_cuts_is_told_before_they_leave() -> None:
    # 100 customers of 1,000; one cuts 500 in each of the twelve months before, five a month now
    cuts = [add_months(date(2025, 8, 10), number) for number in range(12)]
    cuts += [add_months(date(2026, 8, 10), number // 5) for number in range(15)]
    # four of the first are gone since
    periods = [customer(f"c{i}", date(2024, 1, 1), 1000, (day, 500)) for i, day in enumerate(cuts)]
    for each in periods[:4]:
        each[1]["end_date"] = date(2026, 3, 1)
    periods += [customer(f"d{i}", date(2024, 1, 1), 1000) for i in range(73)]
    con = company(periods, *BOOKS)
    found = said(con, contraction)
    assert found.status == "alert", found.headline
    # 15 cuts of 500 in three months; usual are 12 x 500 of all the MRR of the twelve before
    assert found.impact_per_month == pytest.approx(2500 - 500, rel=0.05)
    assert [one.metric for one in found.evidence][-1] == "gone_after_contraction"
    assert said(con, contraction, minimum_cut=15).status == "alert"
    assert said(con, contraction, minimum_cut=16).status == "good"
    assert said(con, contraction, minimum_customers=10_000).status == "no data"
    assert said(con, contraction, Filters(segments=["nobody"])).status == "no data"
    con.close()


def test_as_many_cuts_as_ever_are_no_news() -> None:
    cuts = [add_months(date(2025, 8, 10), number) for number in range(15)]
    periods = [customer(f"c{i}", date(2024, 1, 1), 1000, (day, 500)) for i, day in enumerate(cuts)]
    periods += [customer(f"d{i}", date(2024, 1, 1), 1000) for i in range(85)]
    con = company(periods, *BOOKS)
    assert said(con, contraction).status == "good"
    con.close()


def test_what_is_kept_without_expansion_is_held_against_its_default() -> None:
    # 40 paid 1,000 a year ago: 16 are gone, 24 pay twice as much; NRR 120 %, GRR 60 %
    periods = [customer(f"c{i}", date(2025, 1, 1), 1000, (date(2026, 3, 1), 0)) for i in range(16)]
    periods += [
        customer(f"d{i}", date(2025, 1, 1), 1000, (date(2026, 3, 1), 2000)) for i in range(24)
    ]
    con = company(periods, *BOOKS, "metrics.revenue")
    found = said(con, grr_below_target)
    assert found.evidence[0].value == pytest.approx(0.6)
    # 60 % against 75 %, with an error of 7.7 points: one case in forty
    assert found.status == "watch", found.headline
    # those who left took most away
    assert found.drivers[0].value == -1000
    assert said(con, grr_below_target, default_target=0.60).status == "good"
    assert said(con, grr_below_target, minimum_customers=41).status == "no data"
    con.close()


@pytest.mark.parametrize(
    ("first", "status"),
    # of 49 others at 1,000 each the nine largest hold 9,000
    [(4_000, "good"), (5_444, "watch"), (5_445, "watch"), (60_000, "alert")],
)
def test_the_largest_customers_weigh(first: float, status: str) -> None:
    periods = [customer(f"c{i}", date(2025, 1, 1), 1000) for i in range(49)]
    periods.append(customer("first", date(2025, 1, 1), first))
    con = company(periods, *BOOKS)
    found = said(con, concentration, watch_single=5_444 / 54_444)
    assert found.status == status, found.headline
    assert found.drivers[0].label == "Account first" if first > 1000 else True
    assert said(con, concentration, minimum_customers=51).status == "no data"
    con.close()


def cohorts(gone_lately: int, gone_before: int) -> Any:
    """24 cohorts of 10 at 1,000; so many of each leave in their fourth month, by year."""
    periods = []
    for back in range(24):
        start = add_months(date(2026, 4, 1), -back)
        gone = gone_lately if back < 12 else gone_before
        for number in range(10):
            end = (add_months(start, 3), 0.0) if number < gone else None
            periods.append(customer(f"c{back} {number}", start, 1000, end))
    return company(periods, "marts.cohort_months")


def test_cohorts_that_hold_less_are_told() -> None:
    con = cohorts(gone_lately=3, gone_before=1)
    found = said(con, cohort_decay)
    assert (found.status, found.evidence[0].value) == ("alert", pytest.approx(0.7))
    # 20 points of twelve cohorts of 10,000, spread over their twelve months
    assert found.impact_per_month == pytest.approx(0.2 * 120_000 / 12)
    assert said(con, cohort_decay, minimum_gap=0.21).status == "good"
    assert said(con, cohort_decay, minimum_customers=121).status == "no data"
    con.close()


def test_cohorts_that_hold_alike_are_no_news() -> None:
    con = cohorts(gone_lately=2, gone_before=2)
    assert said(con, cohort_decay).status == "good"
    con.close()


def accounts(expense: float, target: tuple[float, float, float], kind: str) -> Any:
    """Each month ten new customers at 100, one of whom leaves; margin 80 %; expense ± 10 %."""
    periods, months = [], []
    for back in range(15):
        start = add_months(date(2026, 10, 1), -back)
        for number in range(10):
            end = (add_months(start, 1), 0.0) if not number and back else None
            periods.append(customer(f"c{back} {number}", start, 100, end))
        months.append(
            {
                "month": start,
                "sales_marketing_expense": expense * (1 + 0.1 * (-1) ** back),
                "revenue": 10_000,
                "cost_of_revenue": 2_000,
                "net_burn": 0,
            }
        )
    low, value, high = target
    goal = {
        "benchmark_id": "b",
        "metric_type": kind,
        "category": "all",
        "subcategory": "all",
        "target_value": value,
        "min_value": low,
        "max_value": high,
        "unit": "months",
    }
    return company(periods, "marts.company_months", "marts.benchmarks", finance=months,
                   benchmarks=[goal])  # fmt: skip


@pytest.mark.parametrize(
    ("expense", "status"),
    # 1,000 of new MRR a month at a margin of 80 %: 800; the target is 15 months, 20 are usual
    [(20_000, "alert"), (14_000, "watch"), (12_000, "good"), (8_000, "good")],
)
def test_a_payback_beyond_the_range_is_an_alert(expense: float, status: str) -> None:
    con = accounts(expense, (9, 15, 20), "cac_payback_targets")
    found = said(con, payback)
    assert found.status == status, found.headline
    assert found.evidence[0].value == pytest.approx(expense / 800)
    assert said(con, payback, Filters(segments=["SMB"])).status == "no data"
    con.close()


def test_a_customer_worth_little_more_than_its_cost_is_told() -> None:
    con = accounts(30_000, (3, 3.5, 5), "ltv_cac_targets")
    found = said(con, ltv_to_cac)
    assert found.evidence[0].value < 3
    assert found.status == "alert", found.headline
    assert said(con, payback).status == "no data"
    con.close()
    rich = accounts(1_000, (3, 3.5, 5), "ltv_cac_targets")
    assert said(rich, ltv_to_cac).status == "good"
    rich.close()
