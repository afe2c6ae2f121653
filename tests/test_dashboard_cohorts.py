"""A click on a cell of the retention grid opens the proof of that cell."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from dashboard.cohort_grid import cohort_grid
from dashboard.cohort_proof import cell_at, place
from dashboard.shell import Shell
from revops import Filters, Warehouse, reports, units
from revops.cohorts import SHARES, Cell

YEAR = Filters("2025-11-01", "2026-11-01")
MRR = SHARES["mrr_retention"]


@pytest.fixture(scope="module")
def shell(sample_warehouse: Path) -> Iterator[Shell]:
    with Warehouse(sample_warehouse) as warehouse:
        shell = Shell(warehouse)
        shell.state.param.update(tab="revenue", filters=YEAR)
        yield shell


def statement(shell: Shell) -> str:
    text = shell.proof.sql.object.split('<pre id="statement">')[1].split("</pre>")[0]
    return unescape(text).rstrip(";")


@pytest.mark.parametrize("measure", ["mrr", "logos"])
def test_every_cell_of_the_grid_leads_to_its_proof(shell: Shell, measure: str) -> None:
    shell.state.cohorts = measure
    grid = shell.tabs["revenue"].grid
    share = {"mrr": "mrr_retention", "logos": "logo_retention"}[measure]
    frame = reports.query(shell.desk.warehouse, "retention_cohorts", YEAR)
    known = frame.filter(pl.col(share).is_not_null())
    assert grid.object.count("data-action=") == known.height
    for row in (known.row(0, named=True), known.row(30, named=True), known.row(-1, named=True)):
        action = f"metric:{place(Cell(SHARES[share], row['cohort_month'], row['months_since']))}"
        assert f'data-action="{action}"' in grid.object
        grid._on_action(action)
        assert shell.proof.dialog.open
        assert units.exact(row[share], "ratio") in shell.proof.view.object
        assert "= the number above ✓" in shell.proof.view.object
        assert "Why did it move?" not in shell.proof.view.object
        assert "subscriptions.csv" in shell.proof.rows.object
        found = shell.desk.warehouse.query(statement(shell)).row(0, named=True)
        assert found[share] == row[share]
    assert known.row(-1, named=True)["is_total"]
    policy = "trials_are_customers"
    assert (policy in shell.proof.view.object) == (measure == "logos")
    shell.state.proof = ""
    assert not shell.proof.dialog.open


def test_the_rows_of_a_cell_page_and_download(shell: Shell) -> None:
    shell.act("metric:cohorts.mrr_retention:all:3")
    first = shell.proof.rows.object
    shell.proof._turn("page:2")
    assert shell.proof.rows.object != first
    rows = shell.proof._all_rows()
    assert f"11–20 of {rows.height:,}" in shell.proof.rows.object
    shell.state.proof = ""


def test_the_address_holds_the_cell_and_its_filters(shell: Shell) -> None:
    shell.state.filters = Filters("2025-11-01", "2026-11-01", segments=("SMB",))
    shell.act("metric:cohorts.mrr_retention:2026-01-01:6")
    shown, address = shell.proof.view.object, shell.state.to_query()
    assert "segments := ['SMB']" in statement(shell)
    shell.state.apply_query("?tab=revenue")
    assert not shell.proof.dialog.open
    shell.state.apply_query(address)
    assert (shell.proof.dialog.open, shell.proof.view.object) == (True, shown)
    # with the filters the number follows, and where it is none any more the proof closes
    shell.state.filters = YEAR
    assert shell.proof.view.object != shown
    shell.state.filters = Filters("2026-02-01", "2026-11-01")
    assert (shell.proof.dialog.open, shell.state.proof) == (False, "")
    shell.state.filters = YEAR


@pytest.mark.parametrize(
    "named",
    [
        "",
        "mrr_retention",
        "mrr_retention:all",
        "mrr_retention:all:",
        "mrr_retention:all:-1",
        "mrr_retention:all:²",
        f"mrr_retention:all:{'9' * 150}",
        "mrr_retention:all:25",
        "mrr_retention:all:3:junk",
        "mrr_retention:all:03",
        "mrr_retention:20260101:1",
        "mrr_retention:2026-13-01:1",
        "mrr_retention:2026-01-02:1",
        "mrr_retention:9999-12-31:999",
        "mrr_retention:<script>:1",
        "cohort_mrr:all:1",
        "mrr_retention':all:1",
    ],
)
def test_an_address_that_names_no_cell_opens_nothing(shell: Shell, named: str) -> None:
    shell.state.apply_query(f"?tab=revenue&proof=cohorts.{named}&scope=segments%3DSMB")
    # nor is what it was to look at kept for the next proof
    assert (shell.state.proof, shell.state.scope, shell.proof.dialog.open) == ("", "", False)
    assert "could not be made" not in shell.proof.view.object
    shell.state.filters = YEAR


@pytest.mark.parametrize("month", [date(2026, 1, 1), None])
def test_a_cell_is_found_again_by_its_name(month: date | None) -> None:
    cell = Cell(MRR, month, 7)
    assert cell_at(place(cell)) == cell


def test_a_printed_grid_has_nothing_to_click(shell: Shell) -> None:
    frame = reports.query(shell.desk.warehouse, "retention_cohorts", YEAR)
    assert "<button" not in cohort_grid(frame, "mrr", "USD")
