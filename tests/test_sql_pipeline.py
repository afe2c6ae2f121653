"""Pipeline metrics: cases worked by hand, and random worlds against the oracle."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.policy import WIN_RATES, Policy
from tests import oracle_pipeline as oracle
from tests.oracle_windows import Selection, is_partial
from tests.support import cases
from tests.support import deals_and_marketing as some
from tests.support.examples import worlds as worlds_tried
from tests.support.questions import asked_of, assert_same
from tests.support.worlds import World, query, warehouse

MODELS = ("metrics.pipeline",)
DIMENSIONS = ("segment", "channel", "owner", "stage", "region")


@pytest.mark.parametrize("folder", cases.folders("pipeline"), ids=lambda folder: folder.name)
def test_case_worked_by_hand(folder: Path) -> None:
    cases.read(folder).check()


@settings(max_examples=worlds_tried(8), deadline=None)
@given(st.data())
def test_every_row_is_what_the_oracle_works_out(data: st.DataObject) -> None:
    deals, policy = data.draw(some.deal_rows()), data.draw(some.policies())
    as_of = data.draw(st.none() | some.days) or deals["created_at"].max() or date(2026, 1, 31)
    con = warehouse(World({"pipeline_deals": deals}, as_of, policy), MODELS)
    for _ in range(8):
        asked = data.draw(some.selections(DIMENSIONS))
        if data.draw(st.booleans()):
            asked = Selection(**{**vars(asked), "owners": ["Ann", "unknown"]})
        expected = oracle.pipeline(deals, as_of, policy, asked)
        first = deals["created_at"].min()
        last = as_of if first is not None else None
        not_applied = ["regions"] if asked.regions and "geo" not in deals.columns else []
        for slice_, row in expected.items():
            row["is_partial"] = is_partial(slice_, first, last, policy, asked)
            row["filters_not_applied"] = not_applied
        assert_same(asked_of(con, "metrics.pipeline", asked), expected)


def test_an_unsupported_split_names_the_supported_ones() -> None:
    con = warehouse(World({}, date(2026, 1, 31)), MODELS)
    with pytest.raises(duckdb.Error, match="by := campaign is not one of segment, channel, owner"):
        con.execute("select * from metrics.pipeline(\"by\" := 'campaign')").fetchall()


def test_owners_below_20_closed_deals_are_not_ranked() -> None:
    """Ann wins 5 of 20, Bo 10 of 20, Cy all of 19: one deal short of saying anything."""
    deals = [
        *closed("Ann", won=5, lost=15),
        *closed("Bo", won=10, lost=10),
        *closed("Cy", won=19, lost=0),
    ]
    con = warehouse(World({"pipeline_deals": deals}), ("reports.owner_performance",))
    rows = query(con, "select * from reports.owner_performance()")
    assert [(row["owner"], row["win_rate_rank"], row["win_rate"]) for row in rows] == [
        ("Bo", 1, 0.5), ("Ann", 2, 0.25), ("Cy", None, 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("win_rate", "reasons", "expected", "unknown"),
    [
        # 1 won, lost to price, to no decision and to nobody knows what
        ("won_over_won_and_lost", True, 1 / 4, 0),
        (WIN_RATES[1], True, 1 / 2, 1),
        (WIN_RATES[1], False, None, 4),
    ],
)
def test_losses_to_no_decision_are_left_out_by_policy(
    win_rate: str, reasons: bool, expected: float | None, unknown: int
) -> None:
    deals = [*closed("Ann", won=1, lost=3)]
    if reasons:
        for deal, reason in zip(deals, (None, "Price", "No decision", None), strict=True):
            deal["loss_reason"] = reason
    world = World({"pipeline_deals": deals}, policy=Policy(win_rate=win_rate))
    [total] = query(warehouse(world, MODELS), "select * from metrics.pipeline()")
    assert (total["win_rate"], total["win_rate_unknown_rows"]) == (expected, unknown)
    assert total["lost_deals"] == 3


def test_a_region_filter_that_the_file_cannot_honour_is_named() -> None:
    con = warehouse(World({"pipeline_deals": [*closed("Ann", won=1, lost=0)]}), MODELS)
    [total] = query(con, "select * from metrics.pipeline(regions := ['EMEA'])")
    assert (total["won_deals"], total["filters_not_applied"]) == (1, ["regions"])


def closed(owner: str, won: int, lost: int) -> Iterator[dict[str, Any]]:
    """Deals of one owner closed on the day they were created."""
    for number in range(won + lost):
        status = "Closed_Won" if number < won else "Closed_Lost"
        yield {
            "deal_id": f"{owner}-{number}", "owner": owner, "stage": status, "status": status,
            "created_at": date(2026, 1, 5), "last_stage_change": date(2026, 1, 5),
        }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "days_in_stage", "is_late"),
    [(date(2026, 1, 30), 1, False), (date(2026, 1, 31), 0, False), (date(2026, 2, 1), None, True)],
)
def test_days_in_stage_end_on_the_as_of_date(
    changed: date, days_in_stage: int | None, is_late: bool
) -> None:
    deal = {
        "deal_id": "D-1", "stage": "Demo", "status": "Open", "created_at": date(2026, 1, 1),
        "last_stage_change": changed, "days_in_stage": -4,
    }  # fmt: skip
    world = World({"pipeline_deals": [deal]}, date(2026, 1, 31))
    [found] = query(warehouse(world, ("marts.deals",)), "select * from marts.deals")
    assert (found["days_in_stage"], found["is_dated_after_as_of"]) == (days_in_stage, is_late)
