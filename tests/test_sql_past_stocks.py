"""Open pipeline on days before the as-of date, as the ledger knows it."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.support.worlds import World, query, warehouse

JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


def deal(deal_id: str, amount: int | None, **others: Any) -> dict[str, Any]:
    return {
        "deal_id": deal_id, "segment": "SMB", "stage": "Demo", "status": "Open",
        "amount": amount, "probability": 0.5, "created_at": date(2026, 1, 5),
        "last_stage_change": date(2026, 1, 5), **others,
    }  # fmt: skip


# one deal grows and is won in March, one has no amount, one goes to another segment
WON = {"status": "Closed_Won", "stage": "Closed_Won", "last_stage_change": date(2026, 3, 10)}
SNAPSHOTS = {
    JANUARY: [deal("A", 100), deal("B", None), deal("C", 300)],
    FEBRUARY: [deal("A", 150), deal("B", None), deal("C", 300, segment="MM")],
    MARCH: [deal("A", 150, **WON), deal("B", None), deal("C", 300, segment="MM")],
}


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    history = [{"snapshot_date": day, **row} for day, rows in SNAPSHOTS.items() for row in rows]
    world = World({"deal_history": history, "pipeline_deals": SNAPSHOTS[MARCH]}, as_of=MARCH)
    return warehouse(world, ("metrics.pipeline", "checks.pipeline_slices_add_up"))


def stocks(con: duckdb.DuckDBPyConnection, asked: str) -> dict[str | None, tuple[Any, ...]]:
    rows = query(con, f"select * from metrics.pipeline({asked})")
    names = ("open_deals", "open_pipeline", "open_pipeline_unknown_rows", "weighted_pipeline")
    return {row["slice"]: tuple(row[name] for name in names) for row in rows}


def test_a_window_that_ends_earlier_has_the_stock_of_its_last_day(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert stocks(con, "until := date '2026-02-01'") == {None: (3, 400, 1, 200)}
    assert stocks(con, "until := date '2026-03-01'") == {None: (3, 450, 1, 225)}
    # between two snapshots the last one stands
    assert stocks(con, "until := date '2026-02-15'") == {None: (3, 400, 1, 200)}
    assert stocks(con, "until := date '2026-04-01'") == {None: (2, 300, 1, 150)}


def test_slices_are_those_of_that_day(con: duckdb.DuckDBPyConnection) -> None:
    """C was still a deal of SMB in January: today's segment does not rewrite the past."""
    assert stocks(con, "until := date '2026-02-01', \"by\" := 'segment'") == {
        "SMB": (3, 400, 1, 200),
        None: (3, 400, 1, 200),
    }
    march = stocks(con, "until := date '2026-03-01', \"by\" := 'segment', segments := ['MM']")
    assert march == {"MM": (1, 300, 0, 150), None: (1, 300, 0, 150)}


def test_each_month_has_its_own_stock_and_the_total_the_last(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert stocks(con, "\"by\" := 'month'") == {
        "2026-01-01": (3, 400, 1, 200),
        "2026-02-01": (3, 450, 1, 225),
        "2026-03-01": (2, 300, 1, 150),
        None: (2, 300, 1, 150),
    }
    assert stocks(con, "until := date '2026-02-11', \"by\" := 'month'") == {
        "2026-01-01": (3, 400, 1, 200),
        "2026-02-01": (3, 400, 1, 200),
        None: (3, 400, 1, 200),
    }
    assert query(con, "select * from checks.pipeline_slices_add_up") == []


def test_before_the_ledger_and_for_what_it_does_not_tell_nothing_is_known(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert stocks(con, "until := date '2026-01-31'") == {None: (None, None, 0, None)}
    [past] = query(con, "select * from metrics.pipeline(until := date '2026-03-01')")
    assert (past["stuck_deals"], past["stuck_amount"], past["won_deals"]) == (None, None, 0)
    assert past["average_deal"] == pytest.approx(Decimal(225))


def test_without_a_ledger_the_past_is_not_known() -> None:
    world = World({"pipeline_deals": SNAPSHOTS[MARCH]}, as_of=MARCH)
    con = warehouse(world, ("metrics.pipeline",))
    assert stocks(con, "until := date '2026-03-01'") == {None: (None, None, 0, None)}
    assert stocks(con, "until := date '2026-04-01'") == {None: (2, 300, 1, 150)}
