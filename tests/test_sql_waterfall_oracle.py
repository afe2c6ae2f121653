"""The pipeline waterfall on random histories: equal to the oracle, and its books balance."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import oracle_pipeline_ledger as oracle
from tests.oracle_pipeline_ledger import Window
from tests.support.deal_histories import FIRST, LAST, SEGMENTS, ledgers, windows
from tests.support.deal_ledger import Ledger, any_ledger, ask, fill
from tests.support.examples import worlds as worlds_tried
from tests.support.waterfalls import asked_of, moved


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The reports, over a ledger that each test states."""
    return any_ledger(("reports.pipeline_waterfall",), LAST)


# On 3 January the CRM learned that the deal had been won the day before.
WON_BUT_TOLD_LATER = Ledger(
    [
        {
            "deal_id": "D-0",
            "status": "open",
            "created_on": date(2025, 11, 2),
            "expected_close": date(2026, 2, 1),
            "valid_from": date(2026, 1, 1),
            "valid_to": date(2026, 1, 3),
        },
        {
            "deal_id": "D-0",
            "status": "won",
            "created_on": date(2025, 11, 2),
            "expected_close": date(2026, 2, 1),
            "closed_on": date(2026, 1, 2),
            "valid_from": date(2026, 1, 3),
        },
    ],
    first_date=FIRST,
    last_date=LAST,
)

days = st.dates(FIRST, LAST)
filters = st.fixed_dictionaries(
    {},
    optional={
        "segments": st.lists(st.sampled_from(SEGMENTS), min_size=1, unique=True),
        "owners": st.lists(st.sampled_from(("Ann", "Bo", "unknown")), min_size=1, unique=True),
        "channels": st.just(["LinkedIn"]),
        "regions": st.just(["EMEA", "unknown"]),
    },
)


@settings(max_examples=worlds_tried(40), deadline=None)
@given(ledgers(), st.tuples(days, days), windows(), filters)
def test_every_row_is_what_the_oracle_works_out(
    con: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    ends: tuple[date, date],
    window: Window,
    chosen: dict[str, list[str]],
) -> None:
    first, last = sorted(ends)
    fill(con, ledger)
    expected = oracle.movements(ledger.rows(), first, last, window, chosen)

    asked = asked_of(first, last, window) | chosen
    assert moved(con, **asked) == set(expected)
    totals = oracle.waterfall(expected)
    assert [
        (row["bucket"], (row["deals"], row["amount"], row["deals_without_amount"]))
        for row in ask(con, "pipeline_waterfall", **asked)
    ] == list(totals.items())


@settings(max_examples=worlds_tried(25), deadline=None)
@given(ledgers(), st.tuples(days, days), windows())
def test_every_deal_balances_and_the_next_opening_is_this_closing(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, ends: tuple[date, date], window: Window
) -> None:
    first, last = sorted(ends)
    fill(con, ledger)
    balance: dict[str, Decimal] = {}
    closing: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for row in moved(con, **asked_of(first, last, window)):
        counts[row.deal_id] = counts.get(row.deal_id, 0) + 1
        sign = -1 if row.bucket == "closing" else 1
        balance[row.deal_id] = balance.get(row.deal_id, Decimal(0)) + sign * row.amount
        if row.bucket == "closing":
            closing[row.deal_id] = row.amount
    assert all(amount == 0 for amount in balance.values())
    assert all(1 < count <= 3 for count in counts.values())
    later = moved(con, **asked_of(last, LAST, window))
    assert {row.deal_id: row.amount for row in later if row.bucket == "opening"} == closing


@settings(max_examples=worlds_tried(25), deadline=None)
@given(ledgers(), st.tuples(days, days), windows())
def test_slices_add_up_in_every_bucket_and_their_transfers_cancel(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, ends: tuple[date, date], window: Window
) -> None:
    first, last = sorted(ends)
    fill(con, ledger)
    asked = asked_of(first, last, window)
    total = {row["bucket"]: row["amount"] for row in ask(con, "pipeline_waterfall", **asked)}
    added = dict.fromkeys(total, Decimal(0))
    for segment in SEGMENTS:
        for row in ask(con, "pipeline_waterfall", **asked, segments=[segment]):
            added[row["bucket"]] += row["amount"]
    assert total["transferred_in"] == total["transferred_out"] == 0
    assert added.pop("transferred_in") == -added.pop("transferred_out")
    assert added == {bucket: total[bucket] for bucket in added}


@settings(max_examples=worlds_tried(25), deadline=None)
@given(ledgers(), st.tuples(days, days), windows(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_unit_of_money_matters(
    con: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    ends: tuple[date, date],
    window: Window,
    random: Any,
) -> None:
    asked = asked_of(*sorted(ends), window)
    fill(con, ledger)
    before = moved(con, **asked)
    states = [
        dict(state) | {"amount": None if state["amount"] is None else state["amount"] * 7}
        for state in ledger.states
    ]
    random.shuffle(states)
    fill(con, ledger.with_states(states), is_sorted=False)
    assert moved(con, **asked) == {
        oracle.Movement(row.deal_id, row.bucket, row.amount * 7, row.is_without_amount)
        for row in before
    }


@settings(max_examples=worlds_tried(25), deadline=None)
@given(ledgers(), st.tuples(days, days))
@example(WON_BUT_TOLD_LATER, (date(2026, 1, 2), date(2026, 2, 1)))
def test_won_is_what_was_booked_in_the_period(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, ends: tuple[date, date]
) -> None:
    """Closed in the period, or open and due when it began and told as won, dated back, within."""
    first, last = sorted(ends)
    fill(con, ledger)
    window = Window(first + timedelta(days=1), last + timedelta(days=1))
    opening = {
        state["deal_id"]
        for state in ledger.rows()
        if state["valid_from"] <= first < state["valid_to"]
        and state["status"] == "open"
        and window.holds(state["expected_close"])
    }
    booked = {
        state["deal_id"]: state["amount"] or Decimal(0)
        for state in ledger.rows()
        if state["valid_from"] <= last < state["valid_to"]
        and state["status"] == "won"
        and (window.holds(state["closed_on"]) or state["deal_id"] in opening)
    }
    rows = moved(con, **asked_of(first, last, window))
    assert {row.deal_id: -row.amount for row in rows if row.bucket == "won"} == booked
