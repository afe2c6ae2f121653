"""The days on which a deal begins and ceases to be due, to stand, or to have closed in a period."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.support.deal_histories import FIRST, LAST
from tests.support.deal_ledger import Ledger, any_ledger, ask, fill

MODELS = ("reports.pipeline_waterfall", "reports.slippage_deals")
JANUARY_31, FEBRUARY_28 = date(2026, 1, 31), date(2026, 2, 28)
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return any_ledger(MODELS, LAST)


def deal(name: str, since: date = FIRST, status: str = "open", **more: Any) -> dict[str, Any]:
    return {
        "deal_id": name, "valid_from": since, "status": status, "amount": Decimal(10), **more,
    }  # fmt: skip


def state(con: duckdb.DuckDBPyConnection, *deals: dict[str, Any]) -> None:
    fill(con, Ledger(deals, FIRST, LAST))


@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        (FEBRUARY, MARCH, "first last"),
        (FEBRUARY, None, "first last after"),
        (None, MARCH, "before first last"),
        (None, None, "before first last after undated"),
    ],
)
def test_a_deal_is_due_from_the_first_day_of_the_window_up_to_before_its_end(
    con: duckdb.DuckDBPyConnection, start: date | None, end: date | None, due: str
) -> None:
    days = {
        "before": JANUARY_31, "first": FEBRUARY, "last": FEBRUARY_28, "after": MARCH,
        "undated": None,
    }  # fmt: skip
    state(con, *(deal(name, expected_close=day) for name, day in days.items()))
    rows = ask(con, "deals_on", on_date=FIRST, window_start=start, window_end=end)
    assert {row["deal_id"] for row in rows if row["is_due"]} == set(due.split())
    assert {row["deal_id"] for row in rows if row["is_in_scope"]} == set(due.split())


def test_a_state_stands_from_its_first_day_up_to_before_the_next(
    con: duckdb.DuckDBPyConnection,
) -> None:
    early = deal("A", date(2026, 2, 10), amount=Decimal(1), valid_to=date(2026, 2, 20))
    state(con, early, deal("A", date(2026, 2, 20), amount=Decimal(2)))
    amounts = {
        day: [row["amount"] for row in ask(con, "deals_on", on_date=date(2026, 2, day))]
        for day in (9, 10, 19, 20)
    }
    assert amounts == {9: [], 10: [1], 19: [1], 20: [2]}


@pytest.mark.parametrize(
    ("closed_on", "start", "end", "is_won_here"),
    [
        # a close before the period, learned late, is not one of the period
        (JANUARY_31, FIRST, LAST, False),
        (FEBRUARY, FIRST, LAST, True),
        (date(2026, 2, 4), date(2026, 2, 5), MARCH, False),
        (date(2026, 2, 5), date(2026, 2, 5), MARCH, True),
        (date(2026, 2, 24), FEBRUARY, date(2026, 2, 25), True),
        (date(2026, 2, 25), FEBRUARY, date(2026, 2, 25), False),
    ],
)
def test_a_deal_first_seen_closed_belongs_to_the_window_of_its_close_date(
    con: duckdb.DuckDBPyConnection, closed_on: date, start: date, end: date, is_won_here: bool
) -> None:
    state(con, deal("A", FEBRUARY_28, "won", closed_on=closed_on))
    rows = ask(
        con, "pipeline_movements", from_date=JANUARY_31, to_date=FEBRUARY_28,
        window_start=start, window_end=end,
    )  # fmt: skip
    expected = [("created", 10), ("won", -10)] if is_won_here else []
    assert [(row["bucket"], row["amount"]) for row in rows] == expected
