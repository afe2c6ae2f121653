"""What the README says is what happens: queries, metric table and recipes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from revops import Warehouse, docs, metrics
from tests.support.pipeline import PROJECT, query
from tests.support.recipes import blocks, copied_project, section, steps
from tests.support.tiny import DEALS, tiny_data

README = PROJECT / "README.md"


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which every recipe was followed, built once."""
    project = copied_project(tmp_path_factory.mktemp("extended"))
    for title in ("A metric", "A brand", "A data source", "A rule"):
        for step in steps(title):
            step.apply(project)
    visits = "date,channel,visits\n2026-03-02,LinkedIn,40\n2026-03-02,Email,-1\n"
    tiny_data(project / "tiny", web_visits=visits)
    run(project, "-m", "pipeline", "build", "--data", "tiny/data", "--warehouse", "tiny/warehouse")
    return project


def run(project: Path, *arguments: str) -> str:
    """Run Python in the copied project, so that its modules are the copy's."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_metric_table_is_the_catalogue(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as warehouse:
        table = docs.metric_table(metrics.catalogue(warehouse))
    text = README.read_text(encoding="utf-8")
    assert docs.with_table(text, table) == text, "run `make docs`"


def test_every_query_runs_on_the_sample(sample_warehouse: Path) -> None:
    text = README.read_text(encoding="utf-8").partition("## Extending")[0]
    statements = [
        statement
        for block in blocks(text, "sql")
        for statement in block.split(";")
        if statement.strip()
    ]
    assert len(statements) >= 4
    for statement in statements:
        assert query(sample_warehouse, statement), statement


def test_three_lines_in_a_notebook(sample_warehouse: Path) -> None:
    (block,) = blocks(README.read_text(encoding="utf-8"), "python")[:1]
    assert len(block.splitlines()) == 3
    code = block.replace("warehouse/revops.duckdb", str(sample_warehouse))
    code = code.replace("metrics.query(", "frame = metrics.query(")
    scope: dict[str, object] = {}
    exec(code, scope)
    assert "LinkedIn" in scope["frame"]["slice"].to_list()  # type: ignore[index]


def test_why_and_what_if_are_asked_in_the_same_notebook(
    sample_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = blocks(README.read_text(encoding="utf-8"), "python")[:3]
    assert "why.explain" in asked[1]
    code = "\n".join(asked).replace("warehouse/revops.duckdb", str(sample_warehouse))
    scope: dict[str, object] = {}
    exec(code, scope)
    assert scope["found"].balances  # type: ignore[attr-defined]
    assert "MRR would have ended at" in scope["outcome"].sentence  # type: ignore[attr-defined]


def test_a_metric_is_two_lines(extended: Path) -> None:
    # 450 spent on 300 clicks
    built = extended / "tiny" / "warehouse" / "revops.duckdb"
    rows = query(built, "select label, value from kpis where metric = 'cpc'")
    assert rows == [("Cost per click", 1.125)]


def test_a_brand_is_one_value(extended: Path) -> None:
    told = run(
        extended,
        "-c",
        "from dashboard.brands import brand_called; print(brand_called('harbour').name)",
    )
    assert told.strip() == "Harbour"


@pytest.mark.slow
def test_another_systems_names_need_no_code(tmp_path: Path) -> None:
    (mapping,) = blocks(section("A data source"), "toml")
    data = tiny_data(tmp_path, pipeline_deals=None)
    renamed = DEALS.replace("deal_id", "Opportunity ID").replace("owner", "Account Executive")
    (data / "opportunities.csv").write_text(renamed.replace("Negotiation", "Qualification"))
    (data / "revops.toml").write_text(mapping)
    target = tmp_path / "warehouse"
    run(PROJECT, "-m", "pipeline", "build", "--data", str(data), "--warehouse", str(target))
    rows = query(
        target / "revops.duckdb", "select deal_id, owner, stage from raw.pipeline_deals limit 1"
    )
    assert rows == [("D1", "Ana", "Discovery")]


def test_a_new_file_is_held_to_its_contract(extended: Path) -> None:
    built = extended / "tiny" / "warehouse" / "revops.duckdb"
    assert query(built, "select channel, visits from staging.web_visits") == [("LinkedIn", 40)]
    withheld = query(
        built, "select line, column_name, value from quarantine.rows where dataset = 'web_visits'"
    )
    assert withheld == [(3, "visits", "-1")]


def test_a_rule_is_a_function_and_its_thresholds(extended: Path) -> None:
    arguments = ("--warehouse", "tiny/warehouse/revops.duckdb", "--format", "json")
    told = json.loads(run(extended, "-m", "revops.insights", *arguments))
    found = told["insights"] if isinstance(told, dict) else told
    assert any(insight["rule"] == "costly_clicks" for insight in found)
