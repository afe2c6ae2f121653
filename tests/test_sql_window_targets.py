"""What targets ask of a window, by hand: flows by days, stocks and ratios by their period."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.support.deal_ledger import ask
from tests.support.worlds import World, warehouse

METRICS = (
    ("won_amount", "pipeline", "money", None, "flow"),
    ("win_rate", "pipeline", "ratio", "decided_deals", "flow"),
    ("mrr", "revenue", "money", None, "stock"),
)
JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))
QUARTER = {"since": JANUARY, "until": APRIL}


def target(metric: str, start: date, end: date, value: float | None, **of: Any) -> dict[str, Any]:
    money = None if value is None else Decimal(str(value))
    return {"metric": metric, "period_start": start, "period_end": end, "value": money, **of}


def found(*targets: dict[str, Any], **asked: Any) -> dict[str, float]:
    con = warehouse(World({"targets": targets}, as_of=MARCH), ("reports.window_targets",))
    con.executemany(
        "insert into meta.metrics (metric, domain, unit, denominator, time_window, role) "
        "values (?, ?, ?, ?, ?, 'kpi')",
        METRICS,
    )
    return {row["metric"]: row["target_value"] for row in ask(con, "window_targets", **asked)}


def test_a_flow_is_asked_for_each_day_the_same() -> None:
    """900 for the 90 days of the quarter: 10 a day, 310 for January's 31 days."""
    quarter = target("won_amount", JANUARY, APRIL, 900)
    assert found(quarter, **QUARTER) == {"won_amount": pytest.approx(900)}
    assert found(quarter, since=JANUARY, until=FEBRUARY) == {"won_amount": pytest.approx(310)}


def test_a_window_of_several_periods_adds_them_up() -> None:
    """Ten of January's 31 days at 31, February whole at 56: 10 + 56."""
    months = target("won_amount", JANUARY, FEBRUARY, 31), target("won_amount", FEBRUARY, MARCH, 56)
    assert found(*months, since=date(2026, 1, 22), until=MARCH) == {"won_amount": pytest.approx(66)}


def test_a_window_that_the_targets_leave_uncovered_has_none() -> None:
    january = target("won_amount", JANUARY, FEBRUARY, 31)
    assert found(january, since=JANUARY, until=date(2026, 2, 2)) == {}
    assert found(january, since=JANUARY, until=FEBRUARY)
    assert found(january) == {}


def test_the_shortest_periods_that_cover_the_window_count_alone() -> None:
    """A quarter of 900 and its months of 100 each: the months say 300, never 1,200."""
    starts = (JANUARY, FEBRUARY, MARCH, APRIL)
    months = [target("won_amount", start, end, 100) for start, end in pairwise(starts)]
    quarter = target("won_amount", JANUARY, APRIL, 900)
    assert found(quarter, *months, **QUARTER) == {"won_amount": pytest.approx(300)}
    assert found(quarter, *months[:2], **QUARTER) == {"won_amount": pytest.approx(900)}


def test_a_stock_is_asked_for_at_the_end_of_its_period() -> None:
    mrr = target("mrr", JANUARY, FEBRUARY, 500), target("mrr", FEBRUARY, MARCH, 600)
    assert found(*mrr, since=date(2025, 6, 1), until=MARCH) == {"mrr": 600}
    assert found(*mrr, since=JANUARY, until=date(2026, 2, 15)) == {}


def test_a_ratio_is_asked_for_over_its_own_period_only() -> None:
    rate = target("win_rate", JANUARY, APRIL, 0.25)
    assert found(rate, **QUARTER) == {"win_rate": 0.25}
    assert found(rate, since=FEBRUARY, until=APRIL) == {}


def test_several_segments_add_up_only_where_that_means_something() -> None:
    """SMB 100 and MM 200 make 300; their win rates of 20 % and 30 % make nothing."""
    parts = [
        target(metric, JANUARY, APRIL, value, segment=segment)
        for metric, values in (("won_amount", (100, 200)), ("win_rate", (0.2, 0.3)))
        for segment, value in zip(("SMB", "MM"), values, strict=True)
    ]
    both = found(*parts, **QUARTER, segments=["SMB", "MM"])
    assert both == {"won_amount": pytest.approx(300)}
    one = found(*parts, **QUARTER, segments=["SMB"])
    assert one == {"won_amount": pytest.approx(100), "win_rate": pytest.approx(0.2)}
    assert found(*parts, **QUARTER, segments=["SMB", "ENT"]) == {}
    assert found(*parts, **QUARTER) == {}


def test_a_target_without_a_value_asks_for_nothing() -> None:
    assert found(target("won_amount", JANUARY, APRIL, None), **QUARTER) == {}
