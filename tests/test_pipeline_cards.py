"""The cards of the pipeline tab: coverage of the targets."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from dashboard.brands import MIDNIGHT_AURORA
from dashboard.charts.base import sources
from dashboard.charts.marked_bars import marked_bars
from dashboard.coverage_bars import coverage_bars, newest_targets, why_none
from dashboard.section import Section
from dashboard.sentences import coverage_said
from dashboard.shell import Shell
from revops import Warehouse

BRAND = MIDNIGHT_AURORA
ONE_YEAR = "?tab=pipeline&from=2025-11-01&to=2026-10-31"


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def whole_page(sample: Warehouse) -> Shell:
    return Shell(sample)


@pytest.fixture
def shell(whole_page: Shell) -> Shell:
    whole_page.state.apply_query(ONE_YEAR)
    return whole_page


def card(shell: Shell, title: str) -> Section:
    made = shell.tabs["pipeline"]._sections
    return next(one for one in made if isinstance(one, Section) and one.title == title)


def data(shell: Shell, chart: str, column: str) -> list[Any]:
    """A column of a chart of the tab, as the browser gets it."""
    drawn = getattr(shell.tabs["pipeline"], chart).pane.object
    return list(next(one.data[column] for one in sources(drawn) if column in one.data))


def target(segment: str = "all", **others: Any) -> dict[str, Any]:
    """A row of reports.coverage: 400 due for 200 still to win, where it takes 4 times as much."""
    return {
        "metric": "won_amount", "segment": segment, "owner": "all", "is_newest": True,
        "open_pipeline_due": Decimal(400), "remaining": Decimal(200), "coverage": 2.0,
        "coverage_needed": 4.0, "due_deals_without_amount": 0, "won_deals_without_amount": 0,
        "reason_not_known": None, **others,
    }  # fmt: skip


def test_coverage_shows_the_targets_of_the_period_that_holds_the_last_day(
    shell: Shell, sample: Warehouse
) -> None:
    asked = sample.query(
        "select segment, coverage, coverage_needed from reports.coverage() "
        "where period_start = date '2026-10-01' order by segment <> 'all', segment"
    )
    assert asked.height == 4
    assert data(shell, "covered", "name") == ["All", *asked["segment"][1:]]
    assert data(shell, "covered", "value") == pytest.approx(asked["coverage"].to_list())
    assert data(shell, "covered", "mark") == pytest.approx(asked["coverage_needed"].to_list())
    said = card(shell, "Coverage").head.object
    assert "Oct–Dec 2026, as of 31 Oct 2026" in said
    assert "of 4 reach the tick" in said


def test_a_segment_of_the_coverage_opens_its_page_and_the_whole_opens_none(shell: Shell) -> None:
    drawn = shell.tabs["pipeline"].covered.pane.object
    source = drawn.renderers[0].data_source
    for name, opened in (("All", None), ("SMB", ("segment", "SMB"))):
        source.selected.indices = [list(source.data["name"]).index(name)]
        assert shell.state.drilled == opened
    shell.act("drill:")
    card(shell, "Coverage")._act("table")
    table = card(shell, "Coverage").table.object
    assert 'data-action="drill:segment:SMB"' in table
    assert "drill:segment:all" not in table
    # a share of a target in dollars, and deals that are counted
    for told in (">$1.7M<", ">3.7×<", ">5<"):
        assert told in table
    shell.state.tables = []


def test_coverage_says_what_it_does_not_honour_and_why_there_is_none(shell: Shell) -> None:
    shell.state.apply_query(f"{ONE_YEAR}&channels=LinkedIn")
    assert "all channels" in card(shell, "Coverage").head.object
    shell.state.apply_query("?tab=pipeline&from=2026-07-01&to=2026-09-30")
    told = card(shell, "Coverage").message.object
    assert "Jul–Sep 2026, as of 31 Oct 2026: the period is over (All, ENT, MM)" in told
    assert "target met (SMB)" in told
    shell.state.apply_query("?tab=pipeline&from=1999-01-01&to=1999-12-31")
    assert "targets.csv holds no target" in card(shell, "Coverage").message.object


def test_an_amount_that_is_not_known_makes_coverage_a_lower_bound() -> None:
    """Deals without an amount add to what is due, or lessen what is still to win."""
    frame = newest_targets(
        pl.DataFrame([
            target("SMB", won_deals_without_amount=1),
            target("MM", due_deals_without_amount=2),
            target("ENT", coverage=None, reason_not_known="target met"),
            target(),
        ])
    )  # fmt: skip
    shown = {row["name"]: row for row in coverage_bars(frame, "USD").iter_rows(named=True)}
    assert list(shown) == ["All", "ENT", "MM", "SMB"]
    assert shown["All"]["label"] == "2.0× of 4.0×"
    assert shown["All"]["note"] == "$400 open and due / $200 still to win"
    assert shown["All"]["segment"] == ""
    assert shown["MM"]["label"] == shown["SMB"]["label"] == "≥ 2.0× of 4.0×"
    assert shown["MM"]["note"] == "≥ $400 open and due / $200 still to win"
    assert shown["SMB"]["note"] == "$400 open and due / ≤ $200 still to win"
    assert (shown["ENT"]["label"], shown["ENT"]["note"]) == ("—  ·  target met", "")
    assert (shown["ENT"]["value"], shown["ENT"]["mark"]) == (None, None)


def test_owners_have_their_bars_only_where_no_target_is_for_all() -> None:
    ann, bo = target(owner="Ann"), target("SMB", owner="Bo")
    older = target(is_newest=False)
    deals = target(metric="won_deals")
    of_all = newest_targets(pl.DataFrame([ann, target(), older, deals]))
    assert of_all["owner"].to_list() == ["all"]
    of_owners = newest_targets(pl.DataFrame([bo, ann, older]))
    assert coverage_bars(of_owners, "USD")["name"].to_list() == ["Ann", "SMB · Bo"]
    nothing_known = pl.DataFrame([target(reason_not_known="nothing was known of deals then")])
    assert why_none(nothing_known) == "nothing was known of deals then (All)"


def test_a_bar_below_its_tick_looks_otherwise_and_one_without_a_tick_does_not() -> None:
    rows = [target("A"), target("B", coverage=4.0), target("C", coverage_needed=None)]
    frame = coverage_bars(newest_targets(pl.DataFrame(rows)), "USD")
    drawn = marked_bars("multiple", coverage_said).drawn(frame, BRAND)
    (source,) = sources(drawn)
    assert source.data["color"] == [BRAND.series(1), BRAND.series(0), BRAND.series(0)]
    assert source.data["label"] == ["2.0× of 4.0×", "4.0× of 4.0×", "2.0×"]
    assert np.isnan(source.data["mark"][2])
    assert coverage_said(frame, "USD").startswith("1 of 2 reach the tick")
    unusual = frame.with_columns(mark=pl.lit(None, dtype=pl.Float64))
    assert "nothing was decided" in coverage_said(unusual, "USD")
