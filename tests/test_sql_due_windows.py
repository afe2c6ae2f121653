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

AMOUNTS = {"small": Decimal(1), "unknown": None, "large": Decimal(2)}


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


@pytest.mark.parametrize(
    ("before", "after", "buckets"),
    [
        # closed in February, which was known in January already: no news
        (("won", date(2026, 2, 10)), ("won", date(2026, 2, 10)), []),
        (("lost", date(2026, 2, 10)), ("won", date(2026, 2, 10)), ["reopened", "won"]),
        # reopened and won again in between
        (("won", date(2026, 1, 10)), ("won", date(2026, 2, 10)), ["reopened", "won"]),
    ],
)
def test_a_closing_is_news_when_its_outcome_or_its_day_is(
    con: duckdb.DuckDBPyConnection,
    before: tuple[str, date],
    after: tuple[str, date],
    buckets: list[str],
) -> None:
    at_first = deal("A", FIRST, before[0], closed_on=before[1], valid_to=FEBRUARY_28)
    state(con, at_first, deal("A", FEBRUARY_28, after[0], closed_on=after[1]))
    assert february(con) == [(bucket, -10 if bucket == "won" else 10) for bucket in buckets]


@pytest.mark.parametrize(
    ("status", "expected"), [("open", [("transferred_in", 10), ("won", -10)]), ("lost", [])]
)
def test_an_open_deal_due_in_the_window_counts_for_its_new_owner_whenever_it_closed(
    con: duckdb.DuckDBPyConnection, status: str, expected: list[tuple[str, int]]
) -> None:
    """Ann's deal becomes Bo's and is won with a close date beyond the window."""
    due = {"expected_close": date(2026, 2, 10)}
    at_first = deal("A", FIRST, status, owner="Ann", valid_to=FEBRUARY_28, **due)
    state(con, at_first, deal("A", FEBRUARY_28, "won", owner="Bo", closed_on=MARCH, **due))
    assert february(con, owners=["Bo"]) == expected


def test_a_deal_that_was_never_an_owners_is_no_movement_of_theirs(
    con: duckdb.DuckDBPyConnection,
) -> None:
    won_on = date(2026, 2, 10)
    first = deal("A", FIRST, owner="Ann", expected_close=won_on, valid_to=won_on)
    state(con, first, deal("A", won_on, "won", owner="Ann", closed_on=won_on))
    assert february(con, owners=["Bo"]) == []
    assert february(con, owners=["Ann"]) == [("opening", 10), ("won", -10)]


@pytest.mark.parametrize(
    ("filters", "expected"), [({}, {"A", "B"}), ({"regions": ["EMEA"]}, {"A"})]
)
def test_a_region_filter_keeps_its_deals(
    con: duckdb.DuckDBPyConnection, filters: dict[str, Any], expected: set[str]
) -> None:
    state(con, deal("A", region="EMEA"), deal("B", region="NA"))
    rows = ask(con, "deals_on", on_date=FIRST, **filters)
    assert {row["deal_id"] for row in rows if row["is_in_scope"]} == expected


def test_between_one_day_and_itself_nothing_moves(con: duckdb.DuckDBPyConnection) -> None:
    state(con, deal("A", expected_close=FEBRUARY))
    for day in (FIRST, LAST):
        rows = ask(
            con, "pipeline_movements", from_date=day, to_date=day, window_start=None,
            window_end=None,
        )  # fmt: skip
        assert [(row["bucket"], row["amount"]) for row in rows] == [
            ("opening", 10),
            ("closing", 10),
        ]


@pytest.mark.parametrize(
    ("due", "outcome"),
    [
        (date(2026, 3, 31), "pulled_earlier"),
        (date(2026, 4, 1), "still_due"),
        (date(2026, 6, 30), "still_due"),
        (date(2026, 7, 1), "slipped"),
        (None, "slipped"),
    ],
)
def test_a_deal_slips_when_its_new_date_lies_beyond_the_running_period(
    con: duckdb.DuckDBPyConnection, due: date | None, outcome: str
) -> None:
    """April to June, known up to 30 April; on 10 April the date of 10 May is changed."""
    changed = date(2026, 4, 10)
    first = deal("A", FIRST, expected_close=date(2026, 5, 10), valid_to=changed)
    state(con, first, deal("A", changed, expected_close=due))
    rows = ask(con, "slippage_deals", since=date(2026, 4, 1), until=date(2026, 7, 1))
    assert [row["outcome"] for row in rows] == [outcome]


@pytest.mark.parametrize(
    ("changed", "outcome", "pushes", "pushes_in_period"),
    [
        # due by 10 April then, and so no deal of March
        (date(2026, 2, 28), None, None, None),
        (date(2026, 3, 1), "slipped", 1, 1),
        (date(2026, 3, 31), "slipped", 1, 1),
        # the period's last day is over: what follows is not of March
        (date(2026, 4, 1), "slipped", 0, 0),
    ],
)
def test_a_push_belongs_to_the_period_of_its_day(
    con: duckdb.DuckDBPyConnection,
    changed: date,
    outcome: str | None,
    pushes: int | None,
    pushes_in_period: int | None,
) -> None:
    """Due on 20 March, pushed to 10 April; asked about March."""
    first = deal("A", FIRST, expected_close=date(2026, 3, 20), valid_to=changed)
    state(con, first, deal("A", changed, expected_close=date(2026, 4, 10)))
    rows = ask(con, "slippage_deals", since=MARCH, until=date(2026, 4, 1))
    told = [(row["outcome"], row["pushes"], row["pushes_in_period"]) for row in rows]
    assert told == ([(outcome, pushes, pushes_in_period)] if outcome else [])


def test_a_change_that_leaves_the_date_is_no_push(con: duckdb.DuckDBPyConnection) -> None:
    changed, due = date(2026, 3, 10), {"expected_close": date(2026, 3, 20)}
    first = deal("A", FIRST, valid_to=changed, **due)
    state(con, first, deal("A", changed, owner="Bo", **due))
    assert ask(con, "deal_pushes") == []


@pytest.mark.parametrize("day", [30, 31])
def test_what_a_deal_became_is_read_at_the_end_of_the_last_day(
    con: duckdb.DuckDBPyConnection, day: int
) -> None:
    closed = date(2026, 3, day)
    first = deal("A", FIRST, expected_close=date(2026, 3, 20), valid_to=closed)
    state(con, first, deal("A", closed, "won", expected_close=date(2026, 3, 20), closed_on=closed))
    rows = ask(con, "slippage_deals", since=MARCH, until=date(2026, 4, 1))
    assert [row["outcome"] for row in rows] == ["won"]


def test_the_largest_deal_due_comes_first(con: duckdb.DuckDBPyConnection) -> None:
    due = {"expected_close": date(2026, 3, 20)}
    state(con, *(deal(name, amount=amount, **due) for name, amount in AMOUNTS.items()))
    rows = ask(con, "slippage_deals", since=MARCH, until=date(2026, 4, 1))
    assert [row["deal_id"] for row in rows] == ["large", "small", "unknown"]


def february(con: duckdb.DuckDBPyConnection, **filters: Any) -> list[tuple[str, Decimal]]:
    """Bucket and amount of each movement between the ends of January and February."""
    rows = ask(
        con, "pipeline_movements", from_date=JANUARY_31, to_date=FEBRUARY_28,
        window_start=FEBRUARY, window_end=MARCH, **filters,
    )  # fmt: skip
    return [(row["bucket"], row["amount"]) for row in rows]
