"""A build stores its insights before it is published, and never fails for their sake."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.insights import store_insights
from pipeline.meta_tables import TABLES
from revops import Warehouse, insights, reports
from revops.errors import QueryError
from revops.insights import RuleEngine, stored
from revops.unpublished import UnpublishedWarehouse
from tests.support.tiny import tiny_data
from tests.support.worlds import World, warehouse


@pytest.fixture
def building() -> duckdb.DuckDBPyConnection:
    """The connection of a build whose models stand."""
    return warehouse(World({}, as_of=date(2026, 1, 31)), ["reports.insights"])


def test_what_is_stored_is_what_the_rules_say(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as published:
        stored_rows = reports.query(published, "insights")
        said = insights.run(published)
        by_short_name = published.query("select count(*) as n from insights").item()

    assert stored_rows["headline"].to_list() == [one.headline for one in said]
    assert stored_rows["sql"].to_list() == [one.sql or None for one in said]
    assert stored_rows["actions"].to_list() == [list(one.actions) for one in said]
    assert [len(kept) for kept in stored_rows["drivers"]] == [len(one.drivers) for one in said]
    assert [len(kept) for kept in stored_rows["evidence"]] == [len(one.evidence) for one in said]
    assert by_short_name == len(said)


def test_a_stored_statement_gives_the_stored_number(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as published:
        for row in reports.query(published, "insights").to_dicts():
            for proof in row["evidence"]:
                [value] = published.query(proof["sql"])["value"].to_list()
                assert float(value) == pytest.approx(proof["value"])


def test_a_row_has_the_columns_of_its_table(sample_warehouse: Path) -> None:
    (table,) = [table for table in TABLES if table.name == "meta.insights"]
    with Warehouse(sample_warehouse) as published:
        (first, *_) = insights.run(published)
    assert len(stored.row(1, first)) == len(table.columns)


def test_broken_rules_are_a_warning(
    building: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a rule divided by nothing\nand said more")

    monkeypatch.setattr(RuleEngine, "insights", broken)
    store_insights(building)

    assert building.execute("select count(*) from meta.insights").fetchall() == [(0,)]
    [(dataset, said, rows)] = building.execute(
        "select dataset, description, rows from meta.warnings "
        "where rule = 'the_insight_rules_failed'"
    ).fetchall()
    assert (dataset, rows) == ("insights", 1)
    assert said.endswith("ZeroDivisionError: a rule divided by nothing")


@pytest.mark.slow
def test_a_build_is_published_whatever_the_rules_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.cli import main

    def broken(*_: object) -> None:
        raise RuntimeError("no rule works today")

    monkeypatch.setattr(RuleEngine, "insights", broken)
    data = tiny_data(tmp_path)
    code = main(["build", "--data", str(data), "--warehouse", str(tmp_path / "warehouse")])

    assert code == 0, capsys.readouterr().err
    with Warehouse(tmp_path / "warehouse" / "revops.duckdb") as published:
        assert reports.query(published, "insights").is_empty()
        assert (
            "no rule works today"
            in published.query(
                "select description from meta.warnings where dataset = 'insights'"
            ).item()
        )


def test_an_unpublished_build_can_only_be_read(building: duckdb.DuckDBPyConnection) -> None:
    with UnpublishedWarehouse(building) as unpublished:
        assert unpublished.build.load_id
        assert not unpublished.moved()
        with pytest.raises(QueryError):
            unpublished.query("delete from meta.build returning *")
        assert unpublished.query("select count(*) as n from meta.build").item() == 1
    # the build goes on with the connection
    building.execute("insert into meta.warnings values ('d', 'r', 'x', 1, null)")
