"""Every cell of the retention cohorts leads to the customers behind it, and they to their lines."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from math import isclose
from pathlib import Path

import polars as pl
import pytest

from revops import Filters, Warehouse, cohorts, reports
from revops.cohorts import SHARES, Cell
from tests.support.pipeline import PROJECT

DUCKDB = Path(sys.executable).with_name("duckdb")
YEAR = Filters("2025-11-01", "2026-11-01")
VIEWS = {
    "all": Filters(),
    "year": YEAR,
    "cut months": Filters("2026-01-15", "2026-08-20"),
    "some members": Filters("2025-06-01", "2026-11-01", segments=["SMB"], channels=["LinkedIn"]),
    "a region and a plan": Filters("2025-06-01", regions=["EMEA"], plans=["Growth"]),
}
MRR, LOGOS = SHARES["mrr_retention"], SHARES["logo_retention"]


@pytest.fixture(scope="module")
def warehouse(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as opened:
        yield opened


def known(warehouse: Warehouse, filters: Filters) -> pl.DataFrame:
    frame = reports.query(warehouse, cohorts.REPORT, filters)
    return frame.filter(pl.col("retained_mrr").is_not_null())


@pytest.mark.parametrize("view", list(VIEWS))
def test_the_rows_behind_a_cell_lead_to_its_share_and_its_parts(
    warehouse: Warehouse, view: str
) -> None:
    cells = known(warehouse, VIEWS[view])
    some = cells.filter(pl.col("is_total") | pl.col("months_since").is_in([0, 1, 5, 24]))
    assert some.height > 10
    for row in some.iter_rows(named=True):
        for share in SHARES.values():
            cell = Cell(share, row["cohort_month"], row["months_since"])
            now = cohorts.value(warehouse, cell, VIEWS[view])
            assert now is not None
            assert now[share.column] == row[share.column]
            proof = cohorts.behind(warehouse, cell, VIEWS[view]).proof(warehouse, row[share.column])
            assert proof is not None
            assert proof.agrees, (cell, proof)
            assert proof.sums == {name: row[name] for name in proof.sums}, cell


def test_the_sql_of_a_cell_and_of_its_rows_gives_its_number_in_the_shell(
    warehouse: Warehouse, sample_warehouse: Path
) -> None:
    cells = [Cell(MRR, date(2026, 1, 1), 7), Cell(LOGOS, date(2026, 1, 1), 7), Cell(LOGOS, None, 3)]
    statements, expected = [], []
    for cell in cells:
        now = cohorts.value(warehouse, cell, YEAR)
        assert now is not None
        share = now[cell.share.column]
        proof = cohorts.behind(warehouse, cell, YEAR).proof(warehouse, share)
        assert proof is not None
        statements += [f"{cohorts.sql(warehouse, cell, YEAR)};", f"{proof.sql};"]
        expected += [(cell.share.column, share), ("recomputed", share)]
    told = subprocess.run(
        [str(DUCKDB), "-readonly", "-jsonlines", str(sample_warehouse)],
        input="\n".join(statements),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stderr == ""
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(answers) == len(expected)
    for answer, (name, value) in zip(answers, expected, strict=True):
        assert isclose(float(answer[name]), value, rel_tol=1e-9)


def test_a_customer_names_the_lines_that_say_what_it_paid_then_and_later(
    warehouse: Warehouse,
) -> None:
    """The lines, read again from the file, run on 31 January or 31 August with these amounts."""
    rows = cohorts.behind(warehouse, Cell(MRR, date(2026, 1, 1), 7), YEAR).rows(warehouse)
    assert rows["customer_id"].n_unique() == rows.height > 20
    assert rows.filter(retained_mrr=0).height > 0
    text = (PROJECT / "data" / "subscriptions.csv").read_text("utf-8-sig")
    lines = list(csv.DictReader(text.splitlines()))
    for row in rows.iter_rows(named=True):
        assert row["source_file"] == "subscriptions.csv"
        named = [lines[int(line) - 2] for line in row["source_lines"].split(", ")]
        assert {line["customer_id"] for line in named} == {row["customer_id"]}
        for day, column in (("2026-01-31", "cohort_mrr"), ("2026-08-31", "retained_mrr")):
            paid = sum(
                float(line["mrr"])
                for line in named
                if line["start_date"] <= day and (not line["end_date"] or line["end_date"] > day)
            )
            assert paid == float(row[column]), (row, day)


def test_pages_hold_each_customer_once(warehouse: Warehouse) -> None:
    behind = cohorts.behind(warehouse, Cell(LOGOS, None, 2), YEAR)
    first = behind.page(warehouse)
    pages = [behind.page(warehouse, number).frame for number in range(1, first.pages + 1)]
    customers = pl.concat(pages)["customer_id"]
    assert customers.n_unique() == customers.len() == first.rows > 100
    assert "cohort_month" in first.frame.columns


@pytest.mark.parametrize(
    ("month", "age"),
    [
        (date(2026, 10, 1), 1),
        (date(2026, 1, 2), 0),
        (date(1, 1, 1), 0),
        (date(2025, 10, 1), 0),
        (None, 25),
        (None, 999),
    ],
    ids=["still to come", "no month", "before all", "outside", "too far", "nonsense"],
)
def test_a_cell_that_the_report_does_not_have_is_not_known(
    warehouse: Warehouse, month: date | None, age: int
) -> None:
    assert cohorts.value(warehouse, Cell(MRR, month, age), YEAR) is None
