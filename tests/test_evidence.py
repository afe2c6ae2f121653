"""Every number leads home: its SQL runs in DuckDB's own shell, and its rows add up to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from math import isclose
from pathlib import Path

import polars as pl
import pytest

from revops import Filters, Warehouse, evidence, metrics
from revops.errors import UnknownName
from tests.support.pipeline import PROJECT

DUCKDB = Path(sys.executable).with_name("duckdb")
ALL = Filters()
YEAR = Filters("2025-11-01", "2026-11-01")
VIEWS = {
    "all": ALL,
    "year": YEAR,
    "an earlier quarter": Filters("2026-04-01", "2026-07-01"),
    "some members": Filters(
        "2026-02-10", "2026-09-20", segments=["SMB", "Mid-Market"], channels=["LinkedIn", "Email"]
    ),
    "a region": Filters("2025-11-01", "2026-11-01", regions=["EMEA"]),
    "a campaign or owner": Filters(campaigns=["nothing is called so"], owners=["nobody"]),
    "before the data": Filters("2019-01-01", "2019-02-01"),
}


@pytest.fixture(scope="module")
def warehouse(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as opened:
        yield opened


@pytest.mark.parametrize("view", list(VIEWS))
def test_the_rows_behind_every_metric_lead_to_it(warehouse: Warehouse, view: str) -> None:
    filters = VIEWS[view]
    for domain, metric in metrics.catalogue(warehouse).select("domain", "metric").iter_rows():
        found = evidence.proof(warehouse, domain, metric, filters)
        assert found is not None, f"{domain}.{metric} keeps no rows"
        assert found.agrees, f"{domain}.{metric}: {found.value} against {found.recomputed}"
        if found.value:
            assert found.rows > 0, f"{domain}.{metric}"


def test_every_metric_is_known_somewhere(warehouse: Warehouse) -> None:
    """None equals None is no proof: over the year each metric has a value."""
    unknown = [
        metric
        for domain in metrics.domains(warehouse)
        for metric in metrics.catalogue(warehouse, domain)["metric"]
        if metrics.total(warehouse, domain, YEAR)[metric] is None
    ]
    assert unknown == []


def test_the_sql_of_every_metric_gives_its_number_in_the_shell(
    warehouse: Warehouse, sample_warehouse: Path
) -> None:
    """One shell, an older DuckDB than ours: the panel's SQL, and the SQL that adds up the rows."""
    asked = list(metrics.catalogue(warehouse).select("domain", "metric").iter_rows())
    statements, expected = [], []
    for domain in metrics.domains(warehouse):
        names = [metric for of, metric in asked if of == domain]
        total = metrics.total(warehouse, domain, YEAR)
        statements.append(f"{metrics.sql(warehouse, domain, YEAR)};")
        expected.append({name: total[name] for name in names})
        for name in names:
            proof = evidence.proof(warehouse, domain, name, YEAR)
            assert proof is not None
            statements.append(f"{proof.sql};")
            expected.append({"recomputed": total[name], "rows": proof.rows})
    told = subprocess.run(
        [str(DUCKDB), "-readonly", "-jsonlines", str(sample_warehouse)],
        input="\n".join(statements),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert told.stderr == ""
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(answers) == len(expected) > 90
    for answer, wanted, statement in zip(answers, expected, statements, strict=True):
        for name, value in wanted.items():
            # the sum over no row at all is empty, and the number is 0
            found = answer[name] if answer.get("rows") != 0 else 0
            assert isclose(float(found), float(value), rel_tol=1e-9), (name, statement)


def test_a_row_names_the_line_it_stands_in(warehouse: Warehouse) -> None:
    """The row's own file and line, read again from the input, carries the row's amount."""
    for domain, metric, column in (
        ("marketing", "spend", "spend"),
        ("pipeline", "won_amount", "amount"),
        ("revenue", "mrr", "mrr"),
        ("finance", "revenue_12m", "revenue"),
    ):
        rows = evidence.rows(warehouse, domain, metric, YEAR)
        assert rows.height > 0
        for row in (rows.row(0, named=True), rows.row(-1, named=True)):
            lines = (PROJECT / "data" / row["source_file"]).read_text("utf-8-sig").splitlines()
            at = lines[0].split(",").index(column)
            amounts = [
                float(lines[int(line) - 1].split(",")[at])
                for line in row["source_lines"].split(", ")
            ]
            assert isclose(sum(amounts), float(row[metric]), rel_tol=1e-9), row


def test_pages_hold_each_row_once(warehouse: Warehouse) -> None:
    first = evidence.page(warehouse, "pipeline", "lost_deals", YEAR, 1, 7)
    assert (first.first, first.last, first.has_previous) == (1, 7, False)
    pages = [
        evidence.page(warehouse, "pipeline", "lost_deals", YEAR, number, 7).frame
        for number in range(1, first.pages + 1)
    ]
    records = pl.concat(pages)["record"]
    assert records.n_unique() == records.len() == first.rows
    beyond = evidence.page(warehouse, "pipeline", "lost_deals", YEAR, 10**6, 7)
    assert beyond.number == first.pages
    assert beyond.has_following is False
    none = evidence.page(warehouse, "pipeline", "lost_deals", Filters(owners=["nobody"]))
    assert (none.rows, none.first, none.last, none.pages) == (0, 0, 0, 1)


def test_a_proof_that_does_not_hold_is_said(warehouse: Warehouse) -> None:
    def shown(value: float | None, recomputed: float | None) -> bool:
        return evidence.Proof(value, 1, "sum(x)", {"x": 1}, recomputed, "").agrees

    assert shown(10.0, 10.0 + 1e-10)
    assert not shown(10.0, 10.01)
    assert not shown(10.0, None)
    assert shown(0, None)
    assert shown(None, None)
    assert not shown(None, 3)


def test_policies_that_touch_a_metric_are_named(warehouse: Warehouse) -> None:
    assert "stuck_days" in evidence.policies(warehouse, "pipeline", "stuck_deals")["policy"]
    assert evidence.policies(warehouse, "marketing", "ctr").is_empty()


def test_an_unknown_metric_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(UnknownName):
        evidence.proof(warehouse, "marketing", "cplx")
    with pytest.raises(UnknownName):
        evidence.rows(warehouse, "sales", "cpl")
