"""A chart turned into a table: its numbers open the proof of just what the chart shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.cell_proofs import cell_action, parts_asked
from dashboard.section import PROVEN, Section
from dashboard.shell import Shell
from revops import Filters, Warehouse, metrics
from tests.test_dashboard_cells import MARKETING, PAGES

# by tab and chart the columns whose numbers prove themselves, as the table of a year has them
CHARTS = {
    ("marketing", "Spend by channel"): {"spend"},
    ("marketing", "Return by channel"): {"roi", "linked_spend", "linked_won_amount"},
    ("marketing", "Funnel"): {"stage_count"},
    ("marketing", "Weekly trend"): MARKETING,
    ("marketing", "Cost per lead against benchmark"): {"cpl"},
    ("pipeline", "Open pipeline by stage"): set(),
    ("pipeline", "Win rate by quarter"): {"win_rate", "won_deals", "open_pipeline"},
    ("pipeline", "Coverage"): set(),
    ("pipeline", "Win curve"): set(),
    ("pipeline", "Pipeline due in the window"): set(),
    ("pipeline", "Win rate by owner"): {"win_rate", "win_rate_low", "won_amount"},
    ("revenue", "MRR month by month"): {"opening_mrr", "new_mrr", "churned_mrr", "closing_mrr"},
    ("revenue", "MRR by segment"): {"mrr"},
    ("revenue", "MRR by plan"): {"mrr"},
    ("revenue", "Churn reasons"): set(),
}
REST = [page for page in PAGES if page != "the year"]


@pytest.fixture(scope="module")
def shell(sample_warehouse: Path) -> Iterator[Shell]:
    with Warehouse(sample_warehouse) as warehouse:
        yield Shell(warehouse)


def card(shell: Shell, tab: str, title: str) -> Section:
    shell.state.tab = tab
    cards = [one for one in shell.tabs[tab]._sections if isinstance(one, Section)]
    return next(one for one in cards if one.title == title)


def cells(shell: Shell, one: Section) -> Iterator[tuple[str, Any, Any]]:
    """Column, number shown, and number of the proof, of each cell of some rows that has one."""
    if one.frame is None:
        return
    rows = list(one.frame.iter_rows(named=True))
    for row in (rows[at] for at in sorted({0, 1, len(rows) // 2, len(rows) - 1}) if at < len(rows)):
        for column in one.frame.columns:
            shell.state.proof = ""
            shell.act(one._proves(column, row))
            if shell.state.proof:
                domain, _, metric = shell.state.proof.partition(".")
                scope, _ = Filters.from_query(shell.state.scope)
                yield (
                    column,
                    row[column],
                    metrics.total(shell.desk.warehouse, domain, scope)[metric],
                )
    shell.state.proof = ""


@pytest.mark.parametrize(
    "page",
    ["the year", *(pytest.param(page, marks=pytest.mark.slow) for page in REST)],
)
def test_every_number_of_a_charts_table_is_the_one_that_its_proof_proves(
    shell: Shell, page: str
) -> None:
    for (tab, title), wanted in CHARTS.items():
        shell.state.filters = PAGES[page]
        proven = set()
        for column, shown, proof in cells(shell, card(shell, tab, title)):
            found = float("nan") if proof is None else float(proof)
            assert found == pytest.approx(float(shown), rel=1e-9), (title, column)
            proven.add(column)
        if page == "the year":
            assert proven >= wanted, title
            assert bool(proven) == bool(wanted), title


def test_a_charts_table_leads_to_the_proofs_of_its_numbers(shell: Shell) -> None:
    shell.state.filters = PAGES["the year"]
    one = card(shell, "marketing", "Cost per lead against benchmark")
    assert PROVEN not in one.head.object
    shell.state.turn_table(one.title)
    assert PROVEN in one.head.object
    action = cell_action("marketing.cpl", {"channel": "LinkedIn", "segment": "SMB"})
    assert f'data-action="{action.replace("&", "&amp;")}"' in one.table.object
    assert 'role="grid"' in one.table.object
    one.table._on_action(action)
    assert shell.state.proof == "marketing.cpl"
    kept = replace(PAGES["the year"], channels=("LinkedIn",), segments=("SMB",))
    assert Filters.from_query(shell.state.scope)[0] == kept
    assert "= the number above ✓" in shell.proof.view.object
    shell.state.proof = ""
    stages = card(shell, "pipeline", "Open pipeline by stage")
    shell.state.turn_table(stages.title)
    assert "cell:" not in stages.table.object
    assert PROVEN not in stages.head.object
    shell.state.tables = []


def test_the_trend_of_an_entity_proves_its_periods(shell: Shell) -> None:
    shell.state.filters = Filters("2026-07-15", "2026-09-10")
    shell.act("drill:channel:LinkedIn")
    trend = next(part for part in shell.drill.parts if isinstance(part, Section))
    found = list(cells(shell, trend))
    assert {column for column, _, _ in found} == {"leads"}
    assert all(shown == proof for _, shown, proof in found)
    shell.act("drill:")


def test_a_period_is_kept_to_the_window_and_nonsense_to_nothing(shell: Shell) -> None:
    page = Filters("2026-01-15", "2026-10-01", channels=("Email",))
    shell.state.filters = page
    part = shell.state.part
    assert part([("quarter", "2026-01-01")]) == page.with_window(
        date(2026, 1, 15), date(2026, 4, 1)
    )
    assert part([("week", "2026-09-28")]) == page.with_window(date(2026, 9, 28), date(2026, 10, 1))
    for nonsense in ("9999-12-31", "2019-01-01", "soon", ""):
        assert part([("month", nonsense), ("nothing", "at all")]) == page
    assert part([("segment", "SMB"), ("channel", "R&D: x")]) == replace(
        page, segments=("SMB",), channels=("R&D: x",)
    )


def test_names_survive_the_click() -> None:
    parts = {"channel": "R&D: a=b; ü", "segment": "", "month": date(2026, 1, 1)}
    _, metric, row = cell_action("marketing.cpl", parts).split(":", 2)
    assert metric == "marketing.cpl"
    assert dict(parts_asked(row)) == {"channel": "R&D: a=b; ü", "month": "2026-01-01"}
    assert list(parts_asked("&".join(["a=b"] * 99))) == []
