"""A build stores its insights before it is published, and never fails for their sake."""

from concurrent.futures import Future
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.operations.questions import StillAsking
from pipeline.insights import store_insights
from pipeline.meta_tables import TABLES
from revops import Filters, Warehouse, insights, reports
from revops.errors import QueryError
from revops.insights import RuleEngine, stored
from revops.insights.context import Context
from revops.insights.question import Tested
from revops.insights.rules import RULES
from revops.insights.rules.data import withheld_money
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


CATEGORY = "data"


def broken_rule(context: Context) -> insights.Insight:
    """Divide by nothing.

    Why: to see what a failing rule costs.

    Do: mend the rule.
    """
    raise ZeroDivisionError("a rule divided by nothing")


def test_a_broken_rule_costs_its_own_insight_only(
    building: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = len(stored.rows(building))
    monkeypatch.setattr(stored, "RuleEngine", partial(RuleEngine, (*RULES, broken_rule)))
    store_insights(building)

    told = "select headline from meta.insights where rule = 'broken_rule'"
    assert building.execute("select count(*) from meta.insights").fetchall() == [(sound + 1,)]
    assert building.execute(told).fetchall() == [
        ("This rule failed: ZeroDivisionError: a rule divided by nothing",)
    ]
    [(said, rows)] = building.execute(
        "select description, rows from meta.warnings where rule = 'an_insight_rule_failed'"
    ).fetchall()
    assert "broken_rule: ZeroDivisionError" in said
    assert rows == 1


def test_a_test_that_fails_when_it_is_judged_leaves_the_others(
    building: duckdb.DuckDBPyConnection, caplog: pytest.LogCaptureFixture
) -> None:
    def late(context: Context) -> Tested:
        yield [0.5]
        raise ZeroDivisionError("after the tests")

    late.__module__ = broken_rule.__module__
    late.__doc__ = broken_rule.__doc__
    with UnpublishedWarehouse(building) as unpublished:
        found = insights.run(unpublished, provider=RuleEngine((late, withheld_money)))
    assert {one.rule: one.status for one in found}["late"] == "no data"
    assert len(found) == 2
    assert "rule late failed" in caplog.text


@pytest.mark.parametrize("p_values", [[None, "much"], None, [0.5]])
def test_a_rule_that_breaks_the_rules_costs_its_own_insight_only(
    building: duckdb.DuckDBPyConnection, p_values: Any
) -> None:
    def odd(context: Context) -> Tested:
        yield p_values
        yield [0.5]

    odd.__module__, odd.__doc__ = broken_rule.__module__, broken_rule.__doc__
    with UnpublishedWarehouse(building) as unpublished:
        found = insights.run(unpublished, provider=RuleEngine((odd, withheld_money)))
    assert "This rule failed" in next(one.headline for one in found if one.rule == "odd")
    assert len(found) == 2


def test_an_answer_that_is_still_to_come_is_no_failure(
    building: duckdb.DuckDBPyConnection,
) -> None:
    def slow_to_test(context: Context) -> Tested:
        raise StillAsking(Future())
        yield [0.5]

    def slow_to_judge(context: Context) -> Tested:
        yield [0.5]
        raise StillAsking(Future())

    with UnpublishedWarehouse(building) as unpublished:
        for slow in (slow_to_test, slow_to_judge):
            engine = RuleEngine((slow,), on_failure=lambda *_: pytest.fail("it did not fail"))
            with pytest.raises(StillAsking):
                engine.insights(unpublished, Filters())


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
