"""The rules on owners, standstill and plan, on a handful of deals each."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from revops import Filters
from revops.insights.rules.coverage import coverage_gap
from revops.insights.rules.growth import forecast_risk
from revops.insights.rules.owners import owner_win_rates
from revops.insights.rules.standstill import serial_pushers, stage_bottleneck
from revops.periods import add_months
from tests.insights.in_memory import built, said

LEDGER = ("marts.deals", "marts.deal_states", "reports.deal_pushes", "reports.ledger_coverage")


def deal(name: str, **known: Any) -> dict[str, Any]:
    return {
        "deal_id": name,
        "segment": "SMB",
        "owner": "Ann",
        "stage": "Demo",
        "status": "Open",
        "amount": 1000,
        "created_at": date(2024, 1, 1),
        "expected_close": date(2026, 12, 1),
        "last_stage_change": date(2024, 1, 1),
        **known,
    }


def closed(owner: str, segment: str, won: int, lost: int) -> list[dict[str, Any]]:
    states = ["Closed_Won"] * won + ["Closed_Lost"] * lost
    return [
        deal(
            f"{owner} {segment} {number}",
            owner=owner,
            segment=segment,
            stage=state,
            status=state,
            last_stage_change=date(2026, 9, 1),
        )
        for number, state in enumerate(states)
    ]


@pytest.fixture(scope="module")
def owners() -> Iterator[duckdb.DuckDBPyConnection]:
    deals = [
        # the same segment: 20 % where the others win 40 %
        *closed("Low", "SMB", 40, 160),
        *closed("Ann", "SMB", 80, 120),
        *closed("Bob", "SMB", 80, 120),
        # hard deals only: 10 % like the others of the same segment
        *closed("Hard", "ENT", 20, 180),
        *closed("Ann", "ENT", 20, 180),
        *closed("New", "SMB", 0, 19),
    ]
    con = built({"pipeline_deals": deals}, "marts.deals", "intermediate.coverage")
    yield con
    con.close()


def test_the_owner_who_wins_less_of_the_same_deals_is_named(
    owners: duckdb.DuckDBPyConnection,
) -> None:
    found = said(owners, owner_win_rates)
    assert found.status == "alert"
    assert found.scope.owners == ("Low",)
    # others of SMB: 160 of 419; 50 of their deals are mixed in: (40 + 50 x 160/419) / 250
    assert found.evidence[0].value == pytest.approx((40 + 50 * 160 / 419) / 250)
    assert "New" not in {driver.label for driver in found.drivers}


def test_hard_deals_are_not_held_against_an_owner(owners: duckdb.DuckDBPyConnection) -> None:
    assert said(owners, owner_win_rates, Filters(segments=["ENT"])).status == "good"


def test_few_closed_deals_rank_nobody(owners: duckdb.DuckDBPyConnection) -> None:
    assert said(owners, owner_win_rates, minimum_closed=200).status == "alert"
    # one owner alone cannot be compared
    assert said(owners, owner_win_rates, minimum_closed=201).status == "no data"


def ledger(stuck: int, stuck_before: int, pushed: int, pushed_before: int) -> Any:
    """100 deals in Demo at each month end of the last quarter and of the same one a year before.

    So many of them are still there a month later; so many were pushed three times.
    """
    history, today = [], []
    for year, stays, pushes in ((2025, stuck_before, pushed_before), (2026, stuck, pushed)):
        for month in (6, 7, 8):
            start = add_months(date(year, month, 1), 1)
            for number in range(100):
                name = f"{year} {month} {number}"
                snapshots = [(add_months(start, 0), "Demo"), (add_months(start, 1), "Negotiation")]
                if number < stays:
                    snapshots[1] = (snapshots[1][0], "Demo")
                history += [
                    {"snapshot_date": _eve(day), **deal(name, stage=stage)}
                    for day, stage in snapshots
                ]
                end = add_months(start, 2)
                lost = deal(
                    name, stage="Closed_Lost", status="Closed_Lost", last_stage_change=_eve(end)
                )
                history.append({"snapshot_date": _eve(end), **lost})
                today.append(lost)
        for number in range(100):
            name = f"pushed {year} {number}"
            for push in range(4 if number < pushes else 1):
                due = add_months(date(year, 11, 1), push)
                day = _eve(add_months(date(year, 7, 1), push))
                state = deal(name, stage="Discovery", expected_close=due)
                history.append({"snapshot_date": day, **state})
            if year == 2026:
                today.append(state)
            else:
                gone = deal(name, stage="Closed_Lost", status="Closed_Lost",
                            last_stage_change=date(2025, 12, 31))  # fmt: skip
                history.append({"snapshot_date": date(2025, 12, 31), **gone})
                today.append(gone)
    history.append({"snapshot_date": date(2024, 12, 31), **deal("first")})
    today.append(deal("first"))
    return built({"pipeline_deals": today, "deal_history": history}, *LEDGER)


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def test_a_stage_that_holds_deals_longer_than_a_year_ago_is_a_bottleneck() -> None:
    con = ledger(stuck=60, stuck_before=30, pushed=30, pushed_before=5)
    found = said(con, stage_bottleneck)
    assert found.status == "alert", found.headline
    assert found.drivers[0].label == "Demo"
    assert said(con, stage_bottleneck, minimum_deals=1000).status == "no data"
    # 30 of 101 open deals were moved three times, 5 a year ago; nobody can price it
    pushers = said(con, serial_pushers)
    assert pushers.status == "watch", pushers.headline
    assert said(con, serial_pushers, pushes=4).status == "good"
    assert said(con, serial_pushers, minimum_deals=1000).status == "no data"
    con.close()


def test_what_is_as_a_year_ago_is_no_bottleneck() -> None:
    con = ledger(stuck=50, stuck_before=50, pushed=10, pushed_before=10)
    assert said(con, stage_bottleneck).status == "good"
    assert said(con, serial_pushers).status == "good"
    con.close()


def plan(target: float, last_year: list[float]) -> Any:
    """An MRR target three months ahead, after months that added so much each."""
    rows, mrr = [], 1000.0
    for back, grown in enumerate(reversed([*last_year, 0.0])):
        start = add_months(date(2026, 10, 1), back - len(last_year))
        rows.append({"start": start, "mrr": mrr})
        mrr += grown
    periods = [
        {
            "subscription_id": "s",
            "customer_id": "c",
            "start_date": row["start"],
            "end_date": add_months(row["start"], 1),
            "mrr": row["mrr"],
        }
        for row in rows
    ]
    periods[-1]["end_date"] = None
    goal = {
        "metric": "mrr",
        "period_start": date(2027, 1, 1),
        "period_end": date(2027, 2, 1),
        "value": target,
    }
    rows = {"subscriptions": periods, "targets": [goal]}
    return built(rows, "marts.company_months", "staging.targets")


def test_a_target_beyond_the_best_month_of_the_year_is_a_risk() -> None:
    grown = [900.0, 1100.0] * 6
    reach = plan(1000 + 12_000 + 3 * 1050, grown)
    assert said(reach, forecast_risk).status == "good"
    beyond = plan(1000 + 12_000 + 3 * 3000, grown)
    found = said(beyond, forecast_risk)
    assert found.status == "watch", found.headline
    assert said(beyond, forecast_risk, Filters(segments=["SMB"])).status == "no data"
    young = plan(20_000, grown[:6])
    assert said(young, forecast_risk).status == "no data"
    for con in (reach, beyond, young):
        con.close()


def covered(target: float, due: int, *others: dict[str, Any], owner: str | None = None) -> Any:
    """A quarter that ends on 31 Dec with so many deals due in it, and one a year ago like it."""
    history, today = [], []
    for number in range(100):
        before = date(2025, 12, 15) if number < 50 else date(2026, 2, 1)
        old = deal(f"old {number}", expected_close=before)
        won = "Closed_Won" if number < 50 else "Closed_Lost"
        over = deal(f"old {number}", stage=won, status=won, last_stage_change=date(2026, 3, 1))
        history += [
            {"snapshot_date": date(2025, 9, 30), **old},
            {"snapshot_date": date(2026, 3, 1), **over},
        ]
        today.append(over)
        earlier = "Closed_Won" if number < 50 else "Closed_Lost"
        today.append(
            deal(
                f"older {number}", stage=earlier, status=earlier, last_stage_change=date(2025, 3, 1)
            )
        )
        soon = date(2026, 12, 15) if number < due else date(2027, 3, 1)
        today.append(deal(f"new {number}", expected_close=soon))
    goal = {
        "metric": "won_amount",
        "period_start": date(2026, 10, 1),
        "period_end": date(2027, 1, 1),
        "value": target,
        "owner": owner,
    }
    today += others
    rows = {"pipeline_deals": today, "deal_history": history, "targets": [goal]}
    return built(rows, *LEDGER, "reports.coverage")


def test_a_gap_in_coverage_is_split_into_its_factors() -> None:
    con = covered(target=100_000, due=20)
    # 20 of 100 deals of 1,000 are due, half of the closed amount was won: 10,000 of 100,000
    found = said(con, coverage_gap, days_before_the_end=62)
    assert found.evidence[0].value == pytest.approx(10_000)
    assert found.status == "watch", found.headline
    assert found.drivers[0].label == "Timing"
    assert sum(driver.share or 0 for driver in found.drivers) == pytest.approx(1)
    # two months before its end much of a quarter is not even created
    assert said(con, coverage_gap).status == "good"
    assert said(con, coverage_gap, days_before_the_end=62, watch_share=0.10).status == "good"
    assert said(con, coverage_gap, Filters(segments=["A", "B"])).status == "no data"
    con.close()


def test_the_gap_in_coverage_is_that_of_the_pipeline_tab() -> None:
    """Neither a deal due last quarter nor one without an amount adds to 20 deals of 1,000."""
    overdue = deal("overdue", amount=5000, expected_close=date(2026, 9, 30))
    unpriced = deal("unpriced", amount=None)
    con = covered(100_000, 20, overdue, unpriced)
    found = said(con, coverage_gap)
    tab = "select open_pipeline_due, coverage_needed, remaining from reports.coverage()"
    assert con.sql(tab).fetchall() == [(20_000, 2, 100_000)]
    main = found.evidence[0]
    assert (main.value, main.baseline, main.n) == (10_000, 100_000, 21)
    # 50 of 100 deals of 1,000 were due a year ago, 20,000 of 105,000 are now, half is won
    parts = {driver.label: driver.value for driver in found.drivers}
    assert parts["Timing"] == pytest.approx(20 / 105 / 0.5 - 1)
    assert parts["Volume"] == pytest.approx(101 / 100 - 1)
    assert parts["Size"] == pytest.approx(105 / 101 - 1)
    con.close()


def test_an_owner_is_held_to_the_owners_target() -> None:
    con = covered(100_000, 20, owner="Ann")
    assert said(con, coverage_gap).status == "no data"
    assert said(con, coverage_gap, Filters(owners=["Ann"])).evidence[0].value == 10_000
    assert said(con, coverage_gap, Filters(owners=["Bo"])).status == "no data"
    assert said(con, coverage_gap, Filters(owners=["Ann", "Bo"])).status == "no data"
    con.close()


def test_a_quarter_that_is_over_or_ahead_has_no_gap() -> None:
    con = covered(100_000, 20)
    assert said(con, coverage_gap, Filters(since="2026-10-01", until="2027-01-01")).evidence
    assert said(con, coverage_gap, Filters(until="2026-10-01")).status == "no data"
    con.close()
    ahead = covered(100_000, 20)
    ahead.execute("update raw.targets set period_start = date '2026-11-15'")
    assert said(ahead, coverage_gap).status == "no data"
    ahead.close()
