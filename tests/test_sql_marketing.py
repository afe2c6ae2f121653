"""Marketing metrics: cases worked by hand, and random worlds against the oracle."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle_marketing as oracle
from tests.oracle_windows import Selection, is_partial
from tests.support import cases
from tests.support import deals_and_marketing as some
from tests.support.examples import worlds as worlds_tried
from tests.support.questions import asked_of, assert_same
from tests.support.worlds import World, query, warehouse

MODELS = ("metrics.marketing",)
DIMENSIONS = ("channel", "campaign", "segment", "region")


@pytest.mark.parametrize("folder", cases.folders("marketing"), ids=lambda folder: folder.name)
def test_case_worked_by_hand(folder: Path) -> None:
    cases.read(folder).check()


@settings(max_examples=worlds_tried(8), deadline=None)
@given(st.data())
def test_every_row_is_what_the_oracle_works_out(data: st.DataObject) -> None:
    rows, deals = data.draw(some.marketing_rows()), data.draw(some.deal_rows())
    policy = data.draw(some.policies())
    as_of = data.draw(st.none() | some.days) or newest(rows, deals)
    world = World({"marketing_channels": rows, "pipeline_deals": deals}, as_of, policy)
    con = warehouse(world, MODELS)
    for _ in range(8):
        asked = data.draw(some.selections(DIMENSIONS))
        if data.draw(st.booleans()):
            asked = Selection(**{**vars(asked), "campaigns": ["Spring", "unknown"]})
        expected = oracle.marketing(rows, deals, as_of, policy, asked)
        first, last = rows["date"].min(), rows["date"].max()
        for slice_, row in expected.items():
            row["is_partial"] = is_partial(slice_, first, last, policy, asked)
            row["filters_not_applied"] = []
        assert_same(asked_of(con, "metrics.marketing", asked), expected)


def newest(rows: pl.DataFrame, deals: pl.DataFrame) -> date:
    known = [day for day in (rows["date"].max(), deals["created_at"].max()) if day is not None]
    return max(known, default=date(2026, 1, 31))


def test_an_unsupported_split_names_the_supported_ones() -> None:
    con = warehouse(World({}, date(2026, 1, 31)), MODELS)
    with pytest.raises(duckdb.Error, match="by := owner is not one of channel, campaign, segment"):
        con.execute("select * from metrics.marketing(\"by\" := 'owner')").fetchall()


def test_an_empty_selection_has_a_total_row_that_knows_nothing() -> None:
    rows = [{"date": date(2026, 1, 1), "channel": "Email", "segment": "SMB", "spend": 5}]
    con = warehouse(World({"marketing_channels": rows}), MODELS)
    [total] = query(con, "select * from metrics.marketing(channels := ['Fax'], \"by\" := 'week')")
    assert (total["is_total"], total["spend"], total["leads"], total["cpl"]) == (True, *[None] * 3)


def test_only_a_question_about_campaigns_reads_the_campaign_grain() -> None:
    con = warehouse(World({}, date(2026, 1, 31)), MODELS)
    plain, by_campaign = (
        con.execute(f"explain analyze select * from metrics.marketing({call})").fetchall()[0][1]
        for call in ("segments := ['SMB']", "\"by\" := 'campaign'")
    )
    assert "marketing_campaign_daily" not in plain
    assert "marketing_campaign_daily" in by_campaign
