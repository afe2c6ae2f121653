"""What moved, as the screen shows it: the ledger's bridge, slippage, cohorts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from dashboard.brands import DEFAULT_BRAND
from dashboard.charts.bridge import bridge
from dashboard.cohort_grid import cohort_grid
from dashboard.sentences import bridge_said
from revops import Filters, Warehouse, ledger, reports
from revops.errors import UnknownName

THIRD_QUARTER = Filters("2026-07-01", "2026-10-01")


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as warehouse:
        yield warehouse


def test_the_bridge_leads_from_opening_to_closing(sample: Warehouse) -> None:
    amounts = dict(ledger.waterfall(sample, THIRD_QUARTER).select("bucket", "amount").iter_rows())
    closing = amounts.pop("closing")
    assert sum(amounts.values(), Decimal(0)) == closing
    assert amounts["opening"] > 0


def test_the_bridge_is_the_report_between_the_ends_of_two_days(sample: Warehouse) -> None:
    asked = ledger.waterfall_statement(sample, Filters("2026-07-01", "2026-10-01", ("SMB",)))
    assert asked.literal() == (
        "from reports.pipeline_waterfall(date '2026-06-30', date '2026-09-30', "
        "date '2026-07-01', date '2026-10-01', segments := ['SMB'])"
    )


def test_a_window_beyond_the_data_ends_at_the_as_of_date(sample: Warehouse) -> None:
    asked = ledger.waterfall_statement(sample, Filters("2026-07-01", "2027-01-01"))
    assert asked.params["to_date"] == sample.build.as_of
    assert asked.params["window_end"] == date(2027, 1, 1)


def test_before_the_ledger_nothing_is_known(sample: Warehouse) -> None:
    rows = ledger.waterfall(sample, Filters("2020-01-01", "2020-04-01"))
    assert rows["amount"].null_count() == rows.height
    assert rows["reason_not_known"].null_count() == 0


def test_slippage_is_divided_after_the_periods_are_added(sample: Warehouse) -> None:
    year = Filters("2025-10-01", "2026-10-01")
    shares = reports.query(sample, "slippage_shares", year, by="owner")
    rows = reports.query(sample, "slippage", year).filter(
        (pl.col("dimension") == "owner") & pl.col("is_in_cohort")
    )
    for owner in shares.iter_rows(named=True):
        own = rows.filter(pl.col("slice") == owner["slice"])
        slipped = own.filter(pl.col("outcome") == "slipped")["deals"].sum()
        assert owner["due_deals"] == own["deals"].sum()
        assert owner["slipped_share"] == pytest.approx(slipped / own["deals"].sum(), abs=1e-12)
        parts = ("won_share", "lost_share", "slipped_share", "other_share")
        assert sum(owner[part] for part in parts) == pytest.approx(1, abs=1e-12)
    # the planted story: one owner slips far more than the others
    assert shares["slice"].item(0) == "Jonas Weber"


def test_a_report_that_cannot_be_split_says_so(sample: Warehouse) -> None:
    with pytest.raises(UnknownName, match="parameter of pace"):
        reports.query(sample, "pace", by="owner")


def test_a_cohort_that_is_too_young_has_no_rate(sample: Warehouse) -> None:
    cohorts = reports.query(sample, "win_rate_cohorts")
    curve = sample.query("""from reports.win_curve("by" := 'quarter')""")
    for cohort in cohorts.iter_rows(named=True):
        own = curve.filter(pl.col("cohort") == cohort["cohort_start"].isoformat())
        at_90 = own.filter((pl.col("day") == 90) & pl.col("is_mature"))["won_share"].to_list()
        assert cohort["won_in_90_days"] == (at_90[0] if at_90 else None)
        assert cohort["deals"] == own["deals"].max()
    assert cohorts["won_in_90_days"].item(-1) is None
    assert cohorts["won_in_90_days"].item(0) is not None


def test_movements_begin_where_the_last_one_ended() -> None:
    frame = pl.DataFrame(
        {
            "name": ["Opening", "Created", "Lost", "Closing"],
            "value": [100, 30, -50, 80],
            "deals": [4, 1, 2, 3],
            "is_stock": [True, False, False, True],
        }
    )
    [bars] = bridge("money", bridge_said).prepare(frame, DEFAULT_BRAND, "USD").layers
    assert list(bars["left"]) == [0, 100, 130, 0]
    assert list(bars["right"]) == [100, 130, 80, 80]
    assert bridge_said(frame, "USD") == (
        "From $100 open and due in the window at its start to $80.00 at its end. "
        "Most moved by lost: −$50.00."
    )


def test_a_month_still_to_come_is_an_empty_cell() -> None:
    frame = pl.DataFrame(
        {
            "cohort_month": [None, None, date(2026, 1, 1), date(2026, 1, 1)],
            "is_total": [True, True, False, False],
            "months_since": [0, 1, 0, 1],
            "cohort_customers": [4, 4, 4, 4],
            "cohort_mrr": [400, 400, 400, 400],
            "logo_retention": [1.0, 0.75, 1.0, None],
            "mrr_retention": [1.0, 1.2, 1.0, None],
        }
    )
    grid = cohort_grid(frame, "logos", "USD")
    assert '<td style="--share: 26%">75%</td>' in grid
    assert '<td class="later"></td>' in grid
    assert 'scope="row">Jan 2026</th><td class="size">4</td>' in grid
    assert "$400" in cohort_grid(frame, "mrr", "USD")
