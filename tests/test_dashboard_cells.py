"""A click on a number in a table opens the proof of that very number."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest

from dashboard.shell import Shell
from dashboard.tables import Table
from dashboard.tabs.revenue import FLOWS, other_flows
from revops import Filters, Warehouse, metrics, reports

PAGES = {
    "the year": Filters("2025-11-01", "2026-11-01"),
    "all time": Filters(),
    "a segment": Filters("2026-07-01", "2026-10-01", segments=("SMB",)),
    "a channel": Filters("2026-01-01", "2026-11-01", channels=("LinkedIn",)),
    "a region and a plan": Filters(
        "2026-07-15", "2026-10-10", regions=("EMEA",), plans=("Growth",)
    ),
    "an owner": Filters("2026-04-01", "2026-10-01", owners=("Priya Nair",)),
}
MARKETING = {
    *("spend", "impressions", "clicks", "ctr", "leads", "mqls", "sqls", "closed_won"),
    *("cpl", "media_cac", "roi"),
}
REST = [page for page in PAGES if page != "a segment"]
# Tab, table, and the columns whose numbers prove themselves.
TABLES = {
    ("marketing", "channels"): MARKETING,
    ("marketing", "campaigns"): MARKETING,
    ("pipeline", "owners"): {
        *("win_rate", "win_rate_low", "win_rate_high", "decided_deals", "won_deals"),
        *("won_amount", "open_deals", "open_pipeline", "sales_cycle_median_days", "stuck_deals"),
    },
    ("revenue", "segments"): {
        *("mrr", "paying_customers", "arpa", "nrr", "grr", "logo_churn", "gross_mrr_churn"),
    },
    ("revenue", "months"): {
        *("opening_mrr", "new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr"),
        *("churned_mrr", "closing_mrr"),
    },
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
    """Column, number in the cell, and number of the proof, of each cell that has one.

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
                yield column.name, frame[column.name].iloc[row], proof


@pytest.mark.parametrize(
    "page", ["a segment", *(pytest.param(page, marks=pytest.mark.slow) for page in REST)]
)
def test_every_number_of_a_table_is_the_one_that_its_proof_proves(shell: Shell, page: str) -> None:
    for (tab, name), wanted in TABLES.items():
        shell.state.param.update(tab=tab, filters=PAGES[page])
        table = getattr(shell.tabs[tab], name)
        proven = set()
        for column, shown, proof in cells(shell, table):
            expected = float("nan") if proof is None else float(proof)
            assert shown == pytest.approx(expected, rel=1e-9, nan_ok=True), (name, column)
            proven.add(column)
        shell.state.proof = ""
        assert proven == (wanted if len(table.widget.value) else set()), name


def test_flows_that_are_not_of_a_whole_month_are_not_said_to_be_proven(shell: Shell) -> None:
    shell.state.param.update(tab="revenue", filters=PAGES["the year"])
    months = shell.tabs["revenue"].months
    assert months.unproven == frozenset()
    frame = reports.query(shell.desk.warehouse, "mrr_waterfall", PAGES["the year"])
    runs = frame.with_columns(is_partial=pl.col("month") == date(2026, 10, 1))
    one = frame.with_columns(source=pl.lit("from one snapshot; as supplied"))
    assert set(other_flows(runs)) == {("2026-10-01", name) for name in FLOWS}
    assert len(set(other_flows(one))) == 12 * len(FLOWS)
    months.unproven = frozenset(other_flows(runs))
    shell.state.proof = ""
    click(months, "new_mrr", 0)
    assert shell.state.proof == ""
    click(months, "closing_mrr", 0)
    assert shell.state.proof == "revenue.mrr"
    shell.state.proof, months.unproven = "", frozenset()


def test_a_row_whose_link_would_lose_something_proves_nothing(shell: Shell) -> None:
    shell.act(f"cell:marketing.spend:channel={'x' * 300}")
    assert shell.state.proof == ""
    assert "cannot be proven" in shell.state.problems[0]
    shell.state.problems = []


def test_a_link_whose_proof_cannot_be_read_in_full_opens_none(shell: Shell) -> None:
    long = "&".join(f"campaigns=Campaign {number}" for number in range(200))
    shell.state.apply_query("?" + urlencode({"proof": "marketing.spend", "scope": long}))
    assert (shell.state.proof, shell.state.scope) == ("", "")
    assert "cannot be read in full" in shell.state.problems[-1]


def test_pages_of_customers_that_were_left_are_told_nothing_more(shell: Shell) -> None:
    def told() -> int:
        return len(shell.state.param.watchers["tables"]["value"])

    shell.act("drill:customer:C-00001")
    first = told()
    shell.act("drill:customer:C-00002")
    assert told() == first
    shell.act("drill:")


def test_the_name_of_a_row_still_opens_its_page(shell: Shell) -> None:
    shell.state.param.update(tab="marketing", filters=PAGES["the year"])
    table = shell.tabs["marketing"].channels
    click(table, "channel", 0)
    assert shell.state.drill == f"channel:{table.widget.value['channel'].iloc[0]}"
    assert shell.state.proof == ""
    shell.act("drill:")


@pytest.mark.parametrize("row", ["", "month=soon", "nothing=at all", "soon"])
def test_a_row_that_names_nothing_leaves_the_filters(shell: Shell, row: str) -> None:
    shell.state.filters = PAGES["a segment"]
    shell.act(f"cell:marketing.spend:{row}" if row else "cell:marketing.spend")
    assert shell.state.scope == PAGES["a segment"].to_query()
    shell.state.proof = ""
