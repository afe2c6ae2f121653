"""The checks on what the ledger reports: quiet while the books hold, loud when they do not."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.models.discover import read_model
from tests.support.deal_histories import FIRST, LAST
from tests.support.deal_ledger import Ledger, any_ledger, fill
from tests.support.worlds import SQL

CHECKS = (
    "deals_balance_in_the_waterfall",
    "waterfall_months_chain",
    "waterfall_won_is_booked",
    "slippage_adds_up",
    "stage_entries_have_gone_somewhere",
    "win_curve_adds_up",
)
DEAL = {"created_on": FIRST, "amount": Decimal(100), "segment": "SMB", "stage": "Demo"}
APRIL, TENTH = date(2026, 4, 1), date(2026, 4, 10)
OPEN = {"valid_from": FIRST, "valid_to": TENTH, "status": "open", "expected_close": TENTH}
CLOSED = {"valid_from": TENTH, "closed_on": TENTH, "expected_close": TENTH}
# one deal won at more than it was worth, one lost, one pushed, one that stays open, and one
# whose win the CRM moved to another day
STATES = [
    {"deal_id": "A", **DEAL, **OPEN},
    {"deal_id": "A", **DEAL, **CLOSED, "status": "won", "amount": Decimal(120)},
    {"deal_id": "B", **DEAL, **OPEN},
    {"deal_id": "B", **DEAL, **CLOSED, "status": "lost", "amount": Decimal(0)},
    {"deal_id": "C", **DEAL, **OPEN},
    {"deal_id": "C", **DEAL, "valid_from": TENTH, "status": "open", "stage": "Negotiation",
     "expected_close": LAST.replace(year=2027)},
    {"deal_id": "D", **DEAL, **OPEN, "valid_to": date(9999, 12, 31), "stage": "Discovery"},
    {"deal_id": "E", **DEAL, **OPEN, "status": "won", "closed_on": FIRST},
    {"deal_id": "E", **DEAL, **CLOSED, "status": "won"},
]  # fmt: skip
BREAKS = (
    ("deals_balance_in_the_waterfall", "reports.pipeline_movements",
     "when valued.revaluation > 0 then 'increase'", ""),
    ("waterfall_months_chain", "reports.deals_on",
     "standing.status = 'open'", "standing.status <> 'lost'"),
    ("waterfall_won_is_booked", "reports.pipeline_movements",
     "entered.leaving in ('closing', 'won')", "entered.leaving = 'closing'"),
    ("slippage_adds_up", "reports.slippage_deals", "then 'slipped'", "then 'put off'"),
    ("stage_entries_have_gone_somewhere", "reports.stage_stays",
     "= 'won' then 'advanced'", "= 'won' then 'sold'"),
    ("win_curve_adds_up", "reports.win_curve", "risk.won + risk.lost", "risk.won"),
)  # fmt: skip


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """The checks over books that hold."""
    con = any_ledger([f"checks.{check}" for check in CHECKS], LAST)
    fill(con, Ledger(STATES, FIRST, LAST))
    return con


def failing(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        check
        for check in CHECKS
        if con.execute(f"select count(*) from checks.{check}").fetchall() != [(0,)]
    }


def test_checks_are_quiet_while_the_books_hold(con: duckdb.DuckDBPyConnection) -> None:
    assert failing(con) == set()
    for check in CHECKS:
        tested = read_model(SQL / "checks" / f"{check}.sql").header.check.tested
        counted = tested if tested.startswith("select") else f"select count(*) from {tested}"
        assert con.execute(counted).fetchall()[0][0] > 0


@pytest.mark.parametrize(("check", "model", "right", "wrong"), BREAKS)
def test_a_check_finds_the_books_that_do_not_hold(
    con: duckdb.DuckDBPyConnection, check: str, model: str, right: str, wrong: str
) -> None:
    layer, _, stem = model.partition(".")
    statement = read_model(SQL / layer / f"{stem}.sql").statement
    assert right in statement
    con.execute(statement.replace(right, wrong))
    assert check in failing(con)
