"""Marketing metrics: cases worked by hand, and random worlds against the oracle."""

from datetime import date, timedelta
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle_marketing_pipeline as oracle
from tests.oracle_marketing_pipeline import Selection
from tests.support import deals_and_marketing as some
from tests.support.questions import asked_of, assert_same
from tests.support.worlds import World, warehouse

MODELS = ("metrics.marketing",)
DIMENSIONS = ("channel", "campaign", "segment", "region")


@settings(max_examples=25, deadline=None)
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
            row["is_partial"] = oracle.is_partial(slice_, first, last, policy, asked)
            row["filters_not_applied"] = []
        assert_same(asked_of(con, "metrics.marketing", asked), expected)


def newest(rows: pl.DataFrame, deals: pl.DataFrame) -> date:
    known = [day for day in (rows["date"].max(), deals["created_at"].max()) if day is not None]
    return max(known, default=date(2026, 1, 31))
