"""Metrics and reports are asked by name, and their SQL can be taken along."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from revops import Filters, Warehouse, members, metrics, opening, reports
from revops.errors import UnknownName
from tests import tiny_warehouse

HOSTILE = ["SMB", "O'Brien", "'); drop table marts.marketing_daily; --", 'a"b', "nul\0here", "—é"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_warehouse.write(tmp_path_factory.mktemp("revops") / "tiny.duckdb")


@pytest.fixture
def warehouse(file: Path) -> Iterator[Warehouse]:
    with Warehouse(file) as opened:
        yield opened


def test_a_total_is_one_row(warehouse: Warehouse) -> None:
    found = metrics.query(warehouse, "marketing", Filters(until="2026-02-01"))
    assert found.height == 1
    # 100 and 50 spent for 10 and 2 leads
    assert found["cpl"].item() == 12.5
    assert metrics.total(warehouse, "marketing", Filters(segments=["MM"]))["leads"] == 2


def test_a_split_brings_slices_and_a_total(warehouse: Warehouse) -> None:
    found = metrics.query(warehouse, "marketing", by="segment")
    assert found["slice"].to_list() == ["ENT", "MM", "SMB", None]
    assert found["leads"].to_list() == [0, 2, 16, 18]
    assert found["cpl"].to_list()[0] is None


def test_nothing_to_count_is_not_known(warehouse: Warehouse) -> None:
    assert metrics.total(warehouse, "marketing", Filters(segments=["none"]))["cpl"] is None


def test_a_filter_without_a_parameter_is_named(warehouse: Warehouse) -> None:
    found = metrics.query(warehouse, "marketing", Filters(plans=["Pro"], regions=["EMEA"]))
    assert found["filters_not_applied"].to_list() == [["regions", "plans"]]
    assert found["leads"].item() == 18
    assert reports.not_taken(warehouse, "daily", Filters(plans=["Pro"])) == ("plans",)


@pytest.mark.parametrize("by", [None, "segment"])
def test_the_sql_taken_along_gives_the_same_answer(
    file: Path, warehouse: Warehouse, by: str | None
) -> None:
    filters = Filters(since="2026-01-02", until="2026-02-20", segments=HOSTILE, plans=["Pro"])
    text = metrics.sql(warehouse, "marketing", filters, by)
    assert "$" not in text
    assert "date '2026-01-02'" in text
    with duckdb.connect(str(file), read_only=True, config=opening.settings("1GB", None)) as plain:
        numbers = plain.sql(text).select("spend, leads, cpl").fetchall()
    asked = metrics.query(warehouse, "marketing", filters, by)
    assert asked.select("spend", "leads", "cpl").rows() == numbers


def test_a_report_is_asked_with_the_filters_it_takes(warehouse: Warehouse) -> None:
    assert reports.names(warehouse) == ("daily", "whole")
    assert reports.query(warehouse, "daily", Filters(segments=["SMB"])).height == 2
    assert reports.query(warehouse, "daily", Filters(segments=["none"])).height == 0
    assert reports.query(warehouse, "whole", Filters(segments=["SMB"])).item() == 4
    assert reports.sql(warehouse, "whole") == "from reports.whole"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_refused_in_words(warehouse: Warehouse, name: str) -> None:
    with pytest.raises(UnknownName, match="There is no domain"):
        metrics.query(warehouse, name)
    with pytest.raises(UnknownName, match="There is no report"):
        reports.query(warehouse, name)
    with pytest.raises(UnknownName, match="There is no split"):
        metrics.query(warehouse, "marketing", by=name)


def test_a_misspelt_split_lists_what_there_is(warehouse: Warehouse) -> None:
    with pytest.raises(UnknownName) as told:
        metrics.query(warehouse, "marketing", by="segmnet")
    assert told.value.remedy == (
        "Did you mean segment? Known: segment, channel, week, month, quarter, year."
    )


def test_the_catalogue_keeps_the_order_of_the_sql_files(warehouse: Warehouse) -> None:
    assert metrics.catalogue(warehouse)["metric"].to_list() == ["spend", "leads"]
    assert metrics.domains(warehouse) == ("marketing",)
    assert metrics.dimensions(warehouse, "marketing") == ("segment", "channel")


def test_members_come_from_the_data_in_the_order_of_the_policy(warehouse: Warehouse) -> None:
    found = members.options(warehouse)
    assert found["segments"] == ("SMB", "MM", "ENT")
    assert found["channels"] == ("Email", "LinkedIn")
    assert found["plans"] == ()


def test_reading_pulls_in_no_screen_and_no_pandas() -> None:
    script = (
        "import sys, revops, revops.insights; heavy = 'pandas panel hvplot pandera pipeline'; "
        "print([name for name in heavy.split() if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
