"""The pipeline waterfall: cases worked by hand, and what it says where nothing is known."""

import csv
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests import oracle_pipeline_ledger as oracle
from tests.oracle_pipeline_ledger import Window
from tests.support.deal_histories import FIRST, LAST
from tests.support.deal_ledger import Ledger, any_ledger, ask, fill
from tests.support.waterfalls import DATES, asked_of, moved
from tests.support.worlds import World, csv_rows, warehouse

CASES = sorted((Path(__file__).parent / "cases").glob("waterfall_*"))
MODELS = (
    "marts.deal_states",
    "reports.pipeline_waterfall",
    "reports.slippage_deals",
)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The reports, over a ledger that each test states."""
    return any_ledger(MODELS, LAST)


def world_of(folder: Path) -> World:
    """The snapshots of a case; the newest of them is also today's export."""
    history = csv_rows(folder / "deal_history.csv", "deal_history")
    newest = history["snapshot_date"].max()
    today = history.filter(pl.col("snapshot_date") == newest).drop("snapshot_date")
    return World({"deal_history": history, "pipeline_deals": today}, as_of=newest)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case_worked_by_hand(folder: Path) -> None:
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    con = warehouse(world_of(folder), MODELS)
    asked = {name: case[name] for name in DATES}
    for path in sorted(folder.glob("expected_*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            expected = list(csv.DictReader(lines))
        name, _, owner = path.stem.removeprefix("expected_").partition("_of_")
        found = answer(con, name, asked, {"owners": [owner]} if owner else {})
        if name == "waterfall":
            # buckets that a case does not name are empty
            named = {row["bucket"] for row in expected}
            assert all(row["deals"] == 0 for row in found if row["bucket"] not in named)
            found = [row for row in found if row["bucket"] in named]
        texts = [{column: text(row[column]) for column in expected[0]} for row in found]
        assert texts == expected, path.name


def answer(
    con: duckdb.DuckDBPyConnection, name: str, asked: dict[str, date], filters: dict[str, Any]
) -> list[dict[str, Any]]:
    if name == "slippage_deals":
        asked = {"since": asked["window_start"], "until": asked["window_end"]}
        return sorted(ask(con, name, **asked), key=lambda row: row["deal_id"])
    return ask(con, f"pipeline_{name}", **asked, **filters)


def text(value: Any) -> str:
    """A cell as its CSV says it: amounts without decimals that are 0, truth in words."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return "" if value is None else str(value)


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (FIRST - timedelta(days=1), LAST, "deals are known from 2026-01-01 on"),
        (FIRST, LAST + timedelta(days=1), "deals are known up to 2026-04-30"),
        (LAST, FIRST, "the end lies before the start"),
        (None, LAST, "a waterfall needs two days"),
    ],
)
def test_outside_the_ledger_nothing_is_known_and_it_says_why(
    con: duckdb.DuckDBPyConnection, first: date, last: date, reason: str
) -> None:
    state = {
        "deal_id": "A", "valid_from": FIRST, "status": "open", "amount": Decimal(1),
        "expected_close": LAST,
    }  # fmt: skip
    fill(con, Ledger([state], FIRST, LAST))
    rows = ask(con, "pipeline_waterfall", **asked_of(first, last, Window()))
    assert [row["bucket"] for row in rows] == list(oracle.BUCKETS)
    assert {row["reason_not_known"] for row in rows} == {reason}
    assert all(row["deals"] is row["amount"] is row["deals_without_amount"] is None for row in rows)
    assert moved(con, **asked_of(first, last, Window())) == set()


def test_known_on_asks_for_what_was_known_then() -> None:
    """March's correction of February is not known in February."""
    deal = {"deal_id": "A", "status": "Open", "created_at": date(2026, 1, 5)}
    due = {"expected_close": date(2026, 2, 20), "last_stage_change": date(2026, 1, 5)}
    states = [{"snapshot_date": date(2026, 1, 31), "amount": 100, **deal, **due}]
    world = World(
        {"deal_history": states, "pipeline_deals": [{"amount": 120, **deal, **due}]},
        as_of=date(2026, 2, 28),
    )
    con = warehouse(world, MODELS)
    asked = asked_of(date(2026, 1, 31), date(2026, 2, 28), Window())
    now = {row["bucket"]: row["amount"] for row in ask(con, "pipeline_waterfall", **asked)}
    assert (now["opening"], now["increase"], now["closing"]) == (100, 20, 120)
    then = ask(con, "pipeline_waterfall", **asked, known_on=date(2026, 2, 28))
    assert {row["bucket"]: row["amount"] for row in then} == now
    before = ask(con, "pipeline_waterfall", **asked, known_on=date(2026, 2, 27))
    assert {row["reason_not_known"] for row in before} == {"nothing was known of deals then"}
