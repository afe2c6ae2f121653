"""A click on a number in a table opens the proof of that very number."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.shell import Shell
from dashboard.tables import Table
from revops import Filters, Warehouse, metrics

PAGES = {
    "the year": Filters("2025-11-01", "2026-11-01"),
    "all time": Filters(),
    "a segment": Filters("2026-07-01", "2026-10-01", segments=("SMB",)),
    "a channel": Filters("2026-01-01", "2026-11-01", channels=("LinkedIn",)),
}
REST = [page for page in PAGES if page != "a segment"]
TABLES = {
    "marketing": ("channels", "campaigns"),
    "pipeline": ("owners",),
    "revenue": ("segments", "months"),
}


@pytest.fixture(scope="module")
def shell(sample_warehouse: Path) -> Iterator[Shell]:
    with Warehouse(sample_warehouse) as warehouse:
        yield Shell(warehouse)


def click(table: Table, column: str, row: int) -> None:
    """What Panel does when a cell is clicked."""
    event = SimpleNamespace(column=column, row=row, value=table.widget.value[column].iloc[row])
    for heard in table.widget._on_click_callbacks[None]:
        heard(event)


def cells(shell: Shell, table: Table) -> Iterator[tuple[str, float, Any]]:
    """Metric, number in the cell, and number of the proof, of each cell that has one.

    Of the first, a middle and the last row.
    """
    frame = table.widget.value
    for row in sorted({0, len(frame) // 2, len(frame) - 1}):
        for column in (one for one in table.columns if one.unit not in ("text", "month")):
            shell.state.proof = ""
            click(table, column.name, row)
            if shell.state.proof:
                domain, _, metric = shell.state.proof.partition(".")
                scope, _ = Filters.from_query(shell.state.scope)
                proof = metrics.total(shell.desk.warehouse, domain, scope)[metric]
                yield shell.state.proof, frame[column.name].iloc[row], proof


@pytest.mark.parametrize(
    "page", ["a segment", *(pytest.param(page, marks=pytest.mark.slow) for page in REST)]
)
def test_every_number_of_a_table_is_the_one_that_its_proof_proves(shell: Shell, page: str) -> None:
    seen = 0
    for tab, names in TABLES.items():
        shell.state.param.update(tab=tab, filters=PAGES[page])
        for name in names:
            for metric, shown, proof in cells(shell, getattr(shell.tabs[tab], name)):
                expected = float("nan") if proof is None else float(proof)
                assert shown == pytest.approx(expected, rel=1e-9, nan_ok=True), (name, metric)
                seen += 1
    shell.state.proof = ""
    assert seen > 40


def test_the_name_of_a_row_still_opens_its_page(shell: Shell) -> None:
    shell.state.param.update(tab="marketing", filters=PAGES["the year"])
    table = shell.tabs["marketing"].channels
    click(table, "channel", 0)
    assert shell.state.drill == f"channel:{table.widget.value['channel'].iloc[0]}"
    assert shell.state.proof == ""
    shell.act("drill:")


@pytest.mark.parametrize("row", ["", "month:soon", "nothing:at all"])
def test_a_row_that_names_nothing_leaves_the_filters(shell: Shell, row: str) -> None:
    shell.state.filters = PAGES["a segment"]
    shell.act(f"cell:marketing.spend:{row}" if row else "cell:marketing.spend")
    assert shell.state.scope == PAGES["a segment"].to_query()
    shell.state.proof = ""
