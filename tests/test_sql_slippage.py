"""What became of deals due in a period, and of those that entered a stage."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle_deal_outcomes as oracle
from tests.oracle_pipeline_ledger import STAGES, Window, by_deal, movements
from tests.support.deal_histories import FIRST, LAST, OWNERS, SEGMENTS, ledgers
from tests.support.deal_ledger import Ledger, any_ledger, ask, fill
from tests.support.examples import worlds as worlds_tried

MODELS = (
    "reports.slippage",
    "reports.stage_conversion",
    "reports.time_in_stage",
)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The reports, over a ledger that each test states."""
    return any_ledger(MODELS, LAST)


@st.composite
def periods(draw: st.DrawFn) -> Window:
    """A period that begins when the deals are known, and may end later than they are."""
    start = draw(st.dates(FIRST + DAY, LAST))
    return Window(start, draw(st.dates(start + DAY, LAST + timedelta(days=60))))


@settings(max_examples=worlds_tried(25), deadline=None)
@given(ledgers(), periods(), st.none() | st.lists(st.sampled_from(OWNERS), min_size=1))
def test_each_deal_due_has_the_outcome_the_oracle_works_out(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, period: Window, owners: list[str] | None
) -> None:
    fill(con, ledger)
    expected = oracle.slippage(ledger.rows(), period, LAST, {"owners": owners})
    found = ask(con, "slippage_deals", since=period.start, until=period.end, owners=owners)
    assert sorted(_picked(found, expected), key=str) == sorted(expected, key=str)


def _picked(rows: list[dict[str, Any]], like: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = like[0] if like else ()
    return [{name: row[name] for name in names} for row in rows]


@settings(max_examples=worlds_tried(20), deadline=None)
@given(ledgers(), periods())
def test_outcomes_add_up_to_the_whole_for_all_and_for_each_slice(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, period: Window
) -> None:
    fill(con, ledger)
    cohort = oracle.slippage(ledger.rows(), period, LAST)
    rows = ask(con, "slippage", since=period.start, until=period.end)
    slices = {(row["dimension"], row["slice"]) for row in rows}
    assert slices >= {("owner", deal["owner"]) for deal in cohort} | {("total", None)}
    for dimension, slice_ in slices:
        own = [row for row in rows if (row["dimension"], row["slice"]) == (dimension, slice_)]
        assert [row["outcome"] for row in own] == [*oracle.OUTCOMES, *oracle.BESIDE]
        deals = [d for d in cohort if dimension == "total" or d[dimension] == slice_]
        for row in own[: len(oracle.OUTCOMES)]:
            same = [deal for deal in deals if deal["outcome"] == row["outcome"]]
            assert (row["deals"], row["pushes"]) == (len(same), sum(d["pushes"] for d in same))
            assert row["amount"] == sum(d["amount_at_start"] or 0 for d in same)
        if deals:
            shares = [row["share_of_deals"] for row in own[: len(oracle.OUTCOMES)]]
            assert sum(shares) == pytest.approx(1)


@settings(max_examples=worlds_tried(12), deadline=None)
@given(ledgers(), periods())
def test_what_came_beside_is_what_the_waterfall_shows(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, period: Window
) -> None:
    fill(con, ledger)
    measured_on = min(period.end - DAY, LAST)
    moved = movements(ledger.rows(), period.start - DAY, measured_on, period)
    for row in ask(con, "slippage", since=period.start, until=period.end):
        if row["dimension"] == "total" and row["outcome"] in oracle.BESIDE:
            came = [move for move in moved if move.bucket == row["outcome"]]
            assert (row["deals"], row["amount"]) == (len(came), sum(m.amount for m in came))


def test_a_period_that_runs_still_has_deals_due_and_one_that_is_over_has_not(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Due on 20 April and on 10 May, known up to 30 April, nothing has happened.

    April is over: its deal slipped. In April to June it is overdue but may still close,
    as may the one of May. A deal moved into March is pulled earlier.
    """
    states = [
        {"deal_id": "A", "valid_from": FIRST, "status": "open", "amount": Decimal(100),
         "expected_close": date(2026, 4, 20)},
        {"deal_id": "B", "valid_from": FIRST, "status": "open", "amount": Decimal(300),
         "expected_close": date(2026, 5, 10)},
        {"deal_id": "C", "valid_from": FIRST, "valid_to": date(2026, 4, 10), "status": "open",
         "expected_close": date(2026, 5, 10)},
        {"deal_id": "C", "valid_from": date(2026, 4, 10), "status": "open",
         "expected_close": date(2026, 3, 10)},
    ]  # fmt: skip
    fill(con, Ledger(states, FIRST, LAST))

    def outcomes(until: date) -> dict[str, str]:
        rows = ask(con, "slippage_deals", since=date(2026, 4, 1), until=until)
        return {row["deal_id"]: row["outcome"] for row in rows}

    assert outcomes(date(2026, 5, 1)) == {"A": "slipped"}
    assert outcomes(date(2026, 7, 1)) == {"A": "still_due", "B": "still_due", "C": "pulled_earlier"}
    rows = ask(con, "slippage", since=date(2026, 4, 1), until=date(2026, 7, 1))
    due = next(r for r in rows if (r["dimension"], r["outcome"]) == ("total", "still_due"))
    assert (due["deals"], due["amount"], due["is_over"]) == (2, 400, False)
    assert due["share_of_deals"] == pytest.approx(2 / 3)
    # C has no amount: it weighs nothing by amount, and the other row says that it is there
    assert due["share_of_amount"] == 1
    earlier = next(r for r in rows if (r["dimension"], r["outcome"]) == ("total", "pulled_earlier"))
    assert (earlier["deals_without_amount"], earlier["share_of_amount"]) == (1, 0)


def test_without_a_window_there_is_a_row_for_every_quarter_the_ledger_knows(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The first quarter began before the ledger did, so only the second can be told."""
    state = {"deal_id": "A", "valid_from": FIRST, "status": "open", "created_on": FIRST}
    fill(con, Ledger([state], FIRST, LAST))
    assert {row["period_start"] for row in ask(con, "slippage")} == {date(2026, 4, 1)}


def test_a_ledger_of_one_day_says_why_the_running_quarter_is_not_known(
    con: duckdb.DuckDBPyConnection,
) -> None:
    state = {"deal_id": "A", "valid_from": LAST, "status": "open", "created_on": FIRST}
    fill(con, Ledger([state], LAST, LAST))
    rows = ask(con, "slippage")
    assert {row["period_start"] for row in rows} == {date(2026, 4, 1)}
    assert {row["reason_not_known"] for row in rows} == {"deals are known from 2026-04-30 on"}


def test_a_period_before_the_ledger_is_not_known_and_says_why(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con, Ledger([{"deal_id": "A", "valid_from": FIRST, "status": "open"}], FIRST, LAST))
    rows = ask(con, "slippage", since=FIRST, until=LAST)
    assert {row["reason_not_known"] for row in rows} == {"deals are known from 2026-01-01 on"}
    assert all(row["deals"] is row["amount"] is row["share_of_deals"] is None for row in rows)
    rows = ask(con, "stage_conversion", until=FIRST)
    assert {row["reason_not_known"] for row in rows} == {"deals are known from 2026-01-01 on"}
    assert all(row["entries"] is row["conversion"] is None for row in rows)


@settings(max_examples=worlds_tried(30), deadline=None)
@given(ledgers(), st.none() | st.dates(FIRST, LAST), st.none() | st.dates(FIRST + DAY, LAST))
def test_entries_into_a_stage_have_gone_where_the_oracle_says(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, since: date | None, until: date | None
) -> None:
    fill(con, ledger)
    expected = oracle.stage_conversion(ledger.rows(), FIRST, Window(since, until))
    rows = {row["stage"]: row for row in ask(con, "stage_conversion", since=since, until=until)}
    assert list(rows) == list(STAGES)
    for stage, counts in expected.items():
        row = rows[stage]
        assert {name: row[name] for name in counts} == counts
        gone = row["advanced"] + row["lost"] + row["moved_back"] + row["still_there"]
        assert row["entries"] == gone
        if counts["entries"]:
            assert row["conversion"] == counts["advanced"] / counts["entries"]


@settings(max_examples=worlds_tried(20), deadline=None)
@given(ledgers())
def test_time_in_a_stage_is_that_of_stays_seen_from_beginning_to_end(
    con: duckdb.DuckDBPyConnection, ledger: Ledger
) -> None:
    fill(con, ledger)
    stays = [s for deal in by_deal(ledger.rows()).values() for s in oracle.stays(deal, FIRST)]
    rows = ask(con, "time_in_stage")
    assert {row["slice"] for row in rows} <= {None, *SEGMENTS}
    for row in rows:
        own = [
            stay
            for stay in stays
            if stay["stage"] == row["stage"] and row["slice"] in (None, stay["segment"])
        ]
        days = [
            (stay["left_on"] - stay["entered_on"]).days
            for stay in own
            if stay["left_on"] and stay["is_entry_known"]
        ]
        assert row["ended_stays"] == len(days)
        assert row["median_days"] == (median(days) if days else None)
        assert row["running_stays"] == sum(stay["left_on"] is None for stay in own)
