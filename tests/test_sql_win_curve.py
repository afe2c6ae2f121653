"""The win curve: worked by hand, against the oracle, and against a truth that is known."""

from datetime import date, timedelta
from math import erf, log, sqrt
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from tests import oracle_deal_outcomes as oracle
from tests.oracle_pipeline_ledger import at, by_deal
from tests.support.deal_histories import FIRST, LAST, ledgers
from tests.support.deal_ledger import FOREVER, Ledger, any_ledger, ask, fill
from tests.support.examples import worlds as worlds_tried
from tests.support.worlds import query

WORLDS, MONTHS, FIRST_MONTH_DEALS = 200, 30, 12
SIGMA, WIN_MEDIAN, LOSS_MEDIAN, WIN_SHARE = 0.6, 45, 110, 0.25


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The report, over a ledger that each test states."""
    return any_ledger(("reports.win_curve",), LAST)


def deal(number: int, age: int, status: str = "open", days: int | None = None) -> dict[str, Any]:
    """A deal created `age` days before the last day known, closed after `days`."""
    created_on = LAST - timedelta(days=age)
    closed_on = None if days is None else created_on + timedelta(days=days)
    valid_from = max(closed_on or created_on, FIRST)
    return {
        "deal_id": f"D-{number}", "valid_from": valid_from, "status": status,
        "created_on": created_on, "closed_on": closed_on,
    }  # fmt: skip


def test_five_deals_worked_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    """Won on day 10, lost on day 20, won on day 30, one watched 15 days, one 40.

    Day 0: none has closed. Day 10: five watched, one won: 1/5 won, 4/5 open. Day 20: the
    one of 15 days has left the watch, three are left: of the 4/5 a third is lost, 4/15;
    8/15 open. Day 30: two left, half of the 8/15 won: 4/15 more, 7/15 in all. Counting only
    what has closed would say two of three.
    """
    deals = [
        deal(1, 100, "won", 10),
        deal(2, 100, "lost", 20),
        deal(3, 100, "won", 30),
        deal(4, 15),
        deal(5, 40),
    ]
    fill(con, Ledger(deals, FIRST, LAST))
    rows = {row["day"]: row for row in ask(con, "win_curve")}
    for day, at_risk, won, lost, still_open, is_mature in (
        (0, 5, 0, 0, 1, True),
        (10, 5, 1 / 5, 0, 4 / 5, True),
        (15, 4, 1 / 5, 0, 4 / 5, True),
        (20, 3, 1 / 5, 4 / 15, 8 / 15, False),
        (30, 2, 7 / 15, 4 / 15, 4 / 15, False),
        (40, 1, 7 / 15, 4 / 15, 4 / 15, False),
        (90, 0, 7 / 15, 4 / 15, 4 / 15, False),
    ):
        row = rows[day]
        shares = (row["won_share"], row["lost_share"], row["still_open"])
        assert shares == pytest.approx((won, lost, still_open)), day
        assert (row["at_risk"], row["is_mature"], row["deals"]) == (at_risk, is_mature, 5), day


def test_a_deal_closed_after_the_last_day_is_open_and_one_without_a_day_is_counted_beside(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deals = [deal(1, 60, "won", 10), deal(2, 60, "won", 90), deal(3, 60, "won")]
    fill(con, Ledger([state | {"valid_from": LAST} for state in deals], FIRST, LAST))
    last = ask(con, "win_curve")[-1]
    assert (last["deals"], last["deals_without_close_date"]) == (2, 1)
    assert (last["won_share"], last["still_open"]) == (0.5, 0.5)


def test_a_removed_deal_is_watched_until_it_vanished(con: duckdb.DuckDBPyConnection) -> None:
    """Two deals; one is removed on day 20, before the other is won on day 30: all of it is won."""
    removed = deal(1, 50) | {"status": "removed", "valid_from": LAST - timedelta(days=30)}
    fill(con, Ledger([removed, deal(2, 50, "won", 30)], FIRST, LAST))
    last = ask(con, "win_curve")[-1]
    assert (last["won_share"], last["lost_share"], last["deals"]) == (1, 0, 2)


@settings(max_examples=worlds_tried(40), deadline=None)
@given(ledgers())
def test_every_cohort_is_what_the_oracle_works_out(
    con: duckdb.DuckDBPyConnection, ledger: Ledger
) -> None:
    fill(con, ledger)
    lives: dict[str, list[tuple[int, str]]] = {}
    for history in by_deal(ledger.rows()).values():
        state = at(history, LAST)
        left, end = LAST, "open"
        if state["status"] == "removed":
            left = min(state["valid_from"], state["closed_on"] or LAST)
        elif state["status"] != "open":
            left, end = state["closed_on"], state["status"]
        lives.setdefault(state["owner"], []).append(((left - state["created_on"]).days, end))
    rows = ask(con, "win_curve", by="owner")
    assert {row["cohort"] for row in rows} == set(lives)
    for owner, watched in lives.items():
        own = {row["day"]: row for row in rows if row["cohort"] == owner}
        for day, shares in oracle.win_curve(watched).items():
            found = tuple(own[day][name] for name in ("won_share", "lost_share", "still_open"))
            assert found == pytest.approx(shares, abs=1e-12)
        assert all(
            sum(row[name] for name in ("won_share", "lost_share", "still_open")) == pytest.approx(1)
            for row in own.values()
        )


def test_an_unknown_cohort_is_refused_with_what_there_is(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, Ledger([deal(1, 50)], FIRST, LAST))
    with pytest.raises(duckdb.Error, match="plan is not one of segment, channel, owner"):
        ask(con, "win_curve", by="plan")


def seeded_deals() -> pl.DataFrame:
    """Two hundred companies whose volume grows by 8 % a month, each under one owner's name.

    Whether a deal is won in the end, and when it closes, follow the stated truth; what
    closes after the last day is open.
    """
    random = np.random.default_rng(20261123)
    monthly = (FIRST_MONTH_DEALS * 1.08 ** np.arange(MONTHS)).astype(int)
    ages = np.repeat((MONTHS - np.arange(MONTHS)) * 30, monthly)
    count = WORLDS * ages.size
    age = np.tile(ages, WORLDS) - random.integers(0, 30, count)
    is_won = random.random(count) < WIN_SHARE
    median = np.where(is_won, WIN_MEDIAN, LOSS_MEDIAN)
    days = np.rint(median * np.exp(SIGMA * random.standard_normal(count))).astype(int)
    return pl.DataFrame({
        "world": np.repeat(np.arange(WORLDS), ages.size),
        "age": age.astype(np.int32),
        "days": days.astype(np.int32),
        "is_won": is_won,
    })  # fmt: skip


def fill_worlds(con: duckdb.DuckDBPyConnection, deals: pl.DataFrame) -> None:
    fill(con, Ledger([], FIRST, LAST))
    con.execute(
        f"""
        insert into marts.deal_states by name
        select
            row_number() over () as deal_id,
            least($last, $last - deals.age + deals.days) as valid_from,
            date '{FOREVER}' as valid_to,
            case
                when deals.days > deals.age then 'open'
                when deals.is_won then 'won'
                else 'lost'
            end as status,
            $last - deals.age as created_on,
            case when deals.days <= deals.age then $last - deals.age + deals.days end as closed_on,
            cast(deals.world as varchar) as owner
        from deals
        """,
        {"last": LAST},
    )


def test_the_mean_of_200_worlds_is_the_truth_where_simple_rates_are_far_off(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """True: 25 % won in the end, 22.1 % within 90 days.

    Deals that close late are mostly lost ones, and with growing volume the young are many:
    what closed in the last 90 days says about 29 %, what was created in them and has
    closed about 57 %.
    """
    deals = seeded_deals()
    fill_worlds(con, deals)
    estimates = query(
        con,
        """
        select
            avg(curve.won_share) filter (where curve.day = 90) as within_90_days,
            avg(curve.won_share) filter (where curve.is_last) as eventually,
            count(distinct curve.cohort) as worlds
        from (
            select
                rows.*,
                rows.day = max(rows.day) over (partition by rows.cohort) as is_last
            from reports.win_curve("by" := 'owner') as rows
        ) as curve
        """,
    )[0]
    assert estimates["worlds"] == WORLDS
    assert estimates["eventually"] == pytest.approx(WIN_SHARE, abs=0.005)
    assert estimates["within_90_days"] == pytest.approx(0.221, abs=0.005)
    exact = WIN_SHARE * (1 + erf(log(90.5 / WIN_MEDIAN) / SIGMA / sqrt(2))) / 2
    assert estimates["within_90_days"] == pytest.approx(exact, abs=0.005)

    closed = deals.filter(pl.col("days") <= pl.col("age"))
    recently_closed = closed.filter(pl.col("age") - pl.col("days") < 90)["is_won"].mean()
    recently_created = closed.filter(pl.col("age") < 90)["is_won"].mean()
    assert recently_closed == pytest.approx(0.29, abs=0.01)
    assert recently_created == pytest.approx(0.57, abs=0.02)


def test_dates_of_creation_make_cohorts(con: duckdb.DuckDBPyConnection) -> None:
    """A window holds the deals created in it; by month each month is a cohort."""
    deals = [
        {"deal_id": "A", "valid_from": FIRST, "status": "open", "created_on": date(2026, 2, 3)},
        {"deal_id": "B", "valid_from": FIRST, "status": "open", "created_on": date(2026, 3, 3)},
    ]
    fill(con, Ledger(deals, FIRST, LAST))
    cohorts = {row["cohort"]: row["deals"] for row in ask(con, "win_curve", by="month")}
    assert cohorts == {"2026-02-01": 1, "2026-03-01": 1}
    march = ask(con, "win_curve", since=date(2026, 3, 1), until=date(2026, 4, 1))
    assert {(row["cohort"], row["deals"]) for row in march} == {("all", 1)}


@pytest.mark.parametrize(
    ("window", "partial"),
    [
        ({}, []),
        ({"since": date(2026, 2, 1)}, []),
        ({"since": date(2026, 2, 2)}, ["2026-02-01"]),
        ({"until": date(2026, 3, 15)}, ["2026-03-01"]),
        # nothing is known beyond the last day, so that a window that ends with it cuts nothing
        ({"until": date(2026, 5, 1)}, []),
        ({"until": date(2026, 4, 30)}, ["2026-04-01"]),
        ({"since": date(2026, 2, 2), "until": date(2026, 4, 2)}, ["2026-02-01", "2026-04-01"]),
    ],
)
def test_a_month_that_the_window_cuts_is_partial(
    con: duckdb.DuckDBPyConnection, window: dict[str, date], partial: list[str]
) -> None:
    ages = (LAST - date(2026, month, day) for month in (2, 3, 4) for day in (1, 10, 28))
    fill(con, Ledger([deal(number, age.days) for number, age in enumerate(ages)], FIRST, LAST))
    rows = ask(con, "win_curve", by="month", **window)
    assert sorted({row["cohort"] for row in rows if row["is_partial"]}) == partial
    assert not any(row["is_partial"] for row in ask(con, "win_curve", by="owner", **window))
