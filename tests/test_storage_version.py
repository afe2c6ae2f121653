"""Analysts' clients are older than ours: what is published opens in them, macros included."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

CLIENT = Path(sys.executable).parent / "duckdb"


def asked(path: Path, sql: str) -> list[dict[str, str]]:
    done = subprocess.run(
        [str(CLIENT), "-readonly", "-csv", str(path), "-c", sql],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


@pytest.fixture(autouse=True)
def _older_client():
    if not CLIENT.exists():
        pytest.skip("the DuckDB shell is not installed: pip install duckdb-cli")


def test_the_shell_is_older_than_the_library():
    version = subprocess.run([str(CLIENT), "--version"], capture_output=True, text=True, check=True)

    assert version.stdout.startswith("v1.")


def test_tables_views_and_comments_open(sample_warehouse):
    [row] = asked(sample_warehouse, "select count(*) as builds from meta.build")
    assert row["builds"] == "1"
    assert asked(sample_warehouse, "select * from kpis limit 3")
    assert asked(sample_warehouse, "select comment from duckdb_views() where comment is not null")


@pytest.mark.parametrize("domain", ["marketing", "pipeline", "revenue"])
def test_metrics_can_be_called_with_filters(sample_warehouse, domain):
    rows = asked(
        sample_warehouse,
        f"from metrics.{domain}(since := date '2026-01-01', segments := ['SMB'], by := 'month')",
    )

    assert [row["is_total"] for row in rows].count("true") == 1
    assert len(rows) > 1


def test_every_view_can_be_read(sample_warehouse):
    views = asked(
        sample_warehouse,
        "select schema_name || '.' || view_name as name from duckdb_views() where not internal",
    )

    assert len(views) > 50
    # each bound, not counted: some views are big, and a view that does not bind is what breaks
    asked(sample_warehouse, "; ".join(f"describe {view['name']}" for view in views))


def test_a_report_answers_to_its_bare_name_with_parameters(sample_warehouse):
    bare = asked(sample_warehouse, "from mrr_waterfall(segments := ['SMB'])")
    whole = asked(sample_warehouse, "from reports.mrr_waterfall(segments := ['SMB'])")
    assert bare == whole
    assert len(bare) == 37
