"""The cards of the pipeline tab: coverage of the targets, and how fast cohorts are won."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from dashboard.brands import MIDNIGHT_AURORA
from dashboard.charts.base import sources
from dashboard.charts.curves import apart, curves
from dashboard.charts.marked_bars import marked_bars
from dashboard.coverage_bars import coverage_bars, newest_targets, why_none
from dashboard.frame_table import frame_table
from dashboard.section import Section
from dashboard.sentences import coverage_said, curves_said
from dashboard.shell import Shell
from dashboard.win_curves import dated, win_curves
from revops import Filters, Warehouse, insights, reports, units

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
        "period_start": date(2026, 1, 1), "period_end": date(2026, 4, 1),
        "open_pipeline_due": Decimal(400), "remaining": Decimal(200), "coverage": 2.0,
        "coverage_needed": 4.0, "needed_not_known": None,
        "lost_deals_left_out": 0, "won_deals_left_out": 0,
        "due_deals_without_amount": 0, "won_deals_without_amount": 0,
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


@pytest.mark.parametrize("segments", [(), ("SMB",), ("ENT",)])
def test_the_copilot_names_the_numbers_of_the_coverage_card(
    shell: Shell, sample: Warehouse, segments: tuple[str, ...]
) -> None:
    filters = Filters("2025-11-01", "2026-11-01", segments=segments or None)
    found = next(one for one in insights.run(sample, filters) if one.rule == "coverage_gap")
    asked = newest_targets(reports.query(sample, "coverage", filters)).row(0, named=True)
    main = found.evidence[0]
    due, needed = float(asked["open_pipeline_due"]), asked["coverage_needed"]
    assert main.value == pytest.approx(due / needed, abs=0.005)
    assert main.baseline == float(asked["remaining"])


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


def test_a_table_knows_no_word_for_everything(sample: Warehouse) -> None:
    """A segment may be called "all"; who has a target for everything leaves its name empty."""
    frame = pl.DataFrame({"segment": ["all", ""], "value": [1, 2]})
    table = frame_table(sample, frame, "Any", "USD")
    assert 'data-action="drill:segment:all"' in table
    assert table.count("data-action") == 1
    targets = newest_targets(pl.DataFrame([target(), target("SMB")]))
    assert targets.select("segment", "owner").rows() == [("", ""), ("SMB", "")]


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
    assert of_all["owner"].to_list() == [""]
    of_owners = newest_targets(pl.DataFrame([bo, ann, older]))
    assert coverage_bars(of_owners, "USD")["name"].to_list() == ["Ann", "SMB · Bo"]
    january = target(owner="Ann", period_end=date(2026, 2, 1))
    beside = newest_targets(pl.DataFrame([target(), january]))
    assert coverage_bars(beside, "USD")["name"].to_list() == ["All"]
    last_year = target(period_start=date(2025, 1, 1), period_end=date(2026, 1, 1))
    assert newest_targets(pl.DataFrame([last_year, ann]))["owner"].to_list() == ["Ann"]
    why = "nothing was known of deals then"
    nothing_known = pl.DataFrame([target(reason_not_known=why)])
    assert why_none(newest_targets(nothing_known)) == "nothing was known of deals then (All)"


def without_a_tick(segment: str, why: str, **others: Any) -> dict[str, Any]:
    return target(segment, coverage_needed=None, needed_not_known=why, **others)


def test_a_bar_below_its_tick_looks_otherwise_and_one_without_a_tick_is_neither() -> None:
    rows = [target("A"), target("B", coverage=4.0), without_a_tick("C", "nothing was won")]
    frame = coverage_bars(newest_targets(pl.DataFrame(rows)), "USD")
    drawn = marked_bars("multiple", coverage_said).drawn(frame, BRAND)
    (source,) = sources(drawn)
    assert source.data["color"] == [BRAND.series(1), BRAND.series(0), BRAND.neutral]
    assert source.data["label"] == ["2.0× of 4.0×", "4.0× of 4.0×", "2.0×"]
    assert np.isnan(source.data["mark"][2])
    said = coverage_said(frame, "USD")
    assert said.startswith("1 of 2 reach the tick")
    assert said.endswith("No tick: nothing was won (C).")


def test_coverage_without_any_tick_says_why_of_each() -> None:
    rows = [
        without_a_tick("A", "nothing was decided"),
        without_a_tick("B", "no won deal has an amount"),
        without_a_tick("C", "nothing was decided"),
        without_a_tick("D", "nothing was won", coverage=None, reason_not_known="target met"),
    ]
    said = coverage_said(coverage_bars(newest_targets(pl.DataFrame(rows)), "USD"), "USD")
    assert said == (
        "What it usually takes is not known of the last 365 days: nothing was decided (A, C), "
        "no won deal has an amount (B)."
    )


@pytest.mark.parametrize(
    ("lost", "won", "label", "note"),
    [
        (0, 0, "2.0× of 4.0×", ""),
        (1, 0, "2.0× of ≥ 4.0×", "without 1 lost deal of unknown amount"),
        (0, 2, "2.0× of ≤ 4.0×", "without 2 won deals of unknown amount"),
        (3, 1, "2.0× of ≈ 4.0×", "without 3 lost deals and 1 won deal of unknown amount"),
    ],
)
def test_a_tick_that_leaves_deals_out_says_so(lost: int, won: int, label: str, note: str) -> None:
    rows = [target(lost_deals_left_out=lost, won_deals_left_out=won)]
    frame = coverage_bars(newest_targets(pl.DataFrame(rows)), "USD")
    (source,) = sources(marked_bars("multiple", coverage_said).drawn(frame, BRAND))
    assert (source.data["label"], source.data["mark_note"]) == ([label], [note])


def test_win_curves_are_solid_as_far_as_all_deals_are_that_old(
    shell: Shell, sample: Warehouse
) -> None:
    filters = Filters("2025-11-01", "2026-11-01")
    asked = reports.query(sample, "win_curve", filters, by="quarter")
    cohorts = sorted(asked["cohort"].unique(), reverse=True)
    assert len(cohorts) == 5
    for place, cohort in enumerate(cohorts):
        rows = asked.filter((pl.col("cohort") == cohort) & (pl.col("day") <= 180)).sort("day")
        whole, young = rows.filter("is_mature"), rows.filter(~pl.col("is_mature"))
        assert data(shell, "curves", f"day{place}") == whole["day"].to_list()
        assert data(shell, "curves", f"share{place}") == pytest.approx(whole["won_share"].to_list())
        dashed = [*whole["day"].tail(1), *young["day"]] if young.height else []
        assert data(shell, "curves", f"tail_day{place}") == dashed
        assert data(shell, "curves", f"at_risk{place}") == [
            units.format(count, "count") for count in whole["at_risk"]
        ]
    assert data(shell, "curves", "day5") == []
    # the window begins in the middle of the oldest quarter
    assert sorted(data(shell, "curves", "end_name")) == sorted(
        [*(f"{date.fromisoformat(cohort):%b ’%y}" for cohort in cohorts[:-1]), "Oct ’25 part"]
    )
    said = card(shell, "Win curve").said
    assert "the quarter from 1 Jan 2026" in said
    assert "Part: only the deals created in the window." in said
    assert shell.tabs["pipeline"].created.widget.value["extent"].to_list() == [
        *["whole"] * 4,
        "part",
    ]


def test_a_filter_refills_the_curves(shell: Shell) -> None:
    chart = shell.tabs["pipeline"].curves
    first, before = chart.pane.object, data(shell, "curves", "share2")
    shell.state.apply_query(f"{ONE_YEAR}&segments=SMB&plans=Pro")
    assert chart.pane.object is first
    assert data(shell, "curves", "share2") != before
    assert "all plans" in card(shell, "Win curve").head.object
    card(shell, "Win curve")._act("table")
    for told in (">1 Oct 2025<", ">100.0%<"):
        assert told in card(shell, "Win curve").table.object
    shell.state.tables = []
    shell.state.apply_query("?tab=pipeline&from=1999-01-01&to=1999-12-31")
    assert "No deal was created" in card(shell, "Win curve").message.object


def test_only_the_newest_cohorts_are_drawn_and_none_that_is_unknown() -> None:
    frame = pl.DataFrame({
        "cohort": ["2026-01-01", "unknown", "2026-04-01", "2026-07-01", "2026-07-01"],
        "day": [0, 0, 0, 0, 200], "won_share": [0.0, 0.0, 0.0, 0.0, 0.5],
        "at_risk": [9, 9, 9, 9, 9], "is_mature": [True, True, True, True, False],
        "is_partial": [False] * 5,
    })  # fmt: skip
    shown = win_curves(dated(frame), 2)
    assert shown["position"].to_list() == [1, 0, 0]
    drawing = curves(2, 180, curves_said).prepare(shown, BRAND, "USD")
    # what lies beyond the last day shown moves neither the axis nor a name
    assert drawing.y_span == (0, 1.0)
    assert drawing.layers[-1]["end_name"] == ["Jul ’26", "Apr ’26"]
    assert drawing.summary.startswith("Dashed")


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([], []),
        ([1.0, 5.0], [1.0, 5.0]),
        ([4.0, 5.0], [3.5, 5.5]),
        ([4.0, 4.0, 4.0], [2.0, 4.0, 6.0]),
        # the first two part, and then they reach the third
        ([4.0, 5.0, 7.0], [10 / 3, 16 / 3, 22 / 3]),
    ],
)
def test_names_move_as_little_as_keeps_them_two_apart(
    ends: list[float], expected: list[float]
) -> None:
    assert apart(ends, 2.0) == pytest.approx(expected)
