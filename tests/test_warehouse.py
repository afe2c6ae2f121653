"""A warehouse file is found, opened read only, and followed when a new build is published."""

import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest

from revops import Warehouse
from revops.errors import (
    NotAWarehouse,
    QueryError,
    UnknownName,
    WarehouseDamaged,
    WarehouseLocked,
    WarehouseNotFound,
    WarehouseTooOld,
)
from tests import tiny_warehouse


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tiny_warehouse.write(tmp_path / "mailed.duckdb")


def test_a_file_sent_by_mail_opens(file: Path) -> None:
    file.chmod(0o444)
    with Warehouse(file) as warehouse:
        assert warehouse.build.as_of == date(2026, 2, 28)
        assert warehouse.build.currency == "EUR"
        assert warehouse.build.versions["duckdb"] == "2.0.0"
        assert warehouse.query("select sum(leads)::bigint as leads from marts.marketing_daily")[
            "leads"
        ].to_list() == [18]


def test_values_are_bound_and_never_become_sql(file: Path) -> None:
    hostile = "SMB'); drop table marts.marketing_daily; --"
    with Warehouse(file) as warehouse:
        found = warehouse.query("select $name as name", {"name": hostile})
        assert found["name"].to_list() == [hostile]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/hostname')",
        "select * from read_text('/etc/hostname')",
        "copy marts.marketing_daily to 'out.csv'",
        "attach 'other.duckdb'",
        "drop table marts.marketing_daily",
        "insert into meta.build select * from meta.build",
        "set enable_external_access = true",
        "set memory_limit = '99GB'",
        "install httpfs",
        "select getenv('HOME')",
    ],
)
def test_a_warehouse_can_be_read_and_nothing_else(file: Path, statement: str) -> None:
    with Warehouse(file) as warehouse, pytest.raises(QueryError):
        warehouse.query(statement)


def test_python_variables_are_not_tables(file: Path) -> None:
    secret = duckdb.sql("select 1 as a").pl()
    assert secret.height == 1
    with Warehouse(file) as warehouse, pytest.raises(QueryError):
        warehouse.query("select * from secret")


def test_a_misspelt_macro_parameter_is_named(file: Path) -> None:
    with Warehouse(file) as warehouse, pytest.raises(UnknownName) as told:
        warehouse.query("from metrics.marketing(segmets := ['SMB'], since := date '2026-01-01')")
    assert told.value.what == "metrics.marketing has no parameter segmets."
    assert "Did you mean segments?" in told.value.remedy


def test_a_misspelt_macro_is_named(file: Path) -> None:
    with Warehouse(file) as warehouse, pytest.raises(UnknownName) as told:
        warehouse.query("from metrics.markting()")
    assert told.value.what == "There is no table macro metrics.markting."
    assert "Did you mean metrics.marketing?" in told.value.remedy


def test_missing_and_superfluous_values_are_named(file: Path) -> None:
    with Warehouse(file) as warehouse:
        with pytest.raises(QueryError, match="not given: since"):
            warehouse.query("select $since", {})
        with pytest.raises(QueryError, match="does not use: until"):
            warehouse.query("select 1", {"until": 1})
        with pytest.raises(QueryError, match="one statement"):
            warehouse.query("select 1; select 2")


def test_an_answer_cannot_be_spoilt_for_the_next_asker(file: Path) -> None:
    with Warehouse(file) as warehouse:
        warehouse.query("select 1 as one")[0, "one"] = 99
        assert warehouse.query("select 1 as one").item() == 1


def test_many_threads_ask_at_once(file: Path) -> None:
    found: list[int] = []
    with Warehouse(file) as warehouse:

        def ask(number: int) -> None:
            sql = "select sum(leads)::bigint + $number from marts.marketing_daily"
            found.append(warehouse.query(sql, {"number": number}).item() - number)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [18] * 24


def test_no_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WarehouseNotFound, match="no warehouse here") as told:
        Warehouse(tmp_path / "none.duckdb")
    assert "make pipeline" in told.value.remedy


def test_a_pointer_to_nothing_says_where_it_led(tmp_path: Path) -> None:
    pointer = tmp_path / "revops.duckdb"
    pointer.symlink_to(tmp_path / "builds" / "gone.duckdb")
    with pytest.raises(WarehouseNotFound) as told:
        Warehouse(pointer)
    assert "gone.duckdb" in told.value.where


@pytest.mark.parametrize("name", ["export.csv", "revops.duckdb"])
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n" * 1000])
def test_another_kind_of_file_is_named_as_such(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotAWarehouse):
        Warehouse(path)
    with pytest.raises(NotAWarehouse, match="folder"):
        Warehouse(tmp_path)


def test_a_database_without_a_build_is_no_warehouse(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        connection.execute("create table t as select 1")
    with pytest.raises(NotAWarehouse, match=r"meta\.build"):
        Warehouse(tmp_path / "other.duckdb")


def test_a_build_that_recorded_less_is_too_old(tmp_path: Path) -> None:
    columns = "load_id varchar, as_of date, as_of_source varchar, built_at timestamp"
    path = tiny_warehouse.write(tmp_path / "old.duckdb", build_columns=columns)
    with pytest.raises(WarehouseTooOld, match="did not record inputs_digest, currency"):
        Warehouse(path)


def test_a_cut_file_is_damaged(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with Warehouse(file) as warehouse, pytest.raises(WarehouseDamaged):
        warehouse.query("select * from meta.metrics, marts.marketing_daily")


def test_a_writer_elsewhere_is_named(file: Path) -> None:
    script = f"import duckdb; c = duckdb.connect({str(file)!r}); print('open', flush=True); input()"
    writer = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(WarehouseLocked) as told:
            Warehouse(file)
        assert str(writer.pid) in told.value.where
    finally:
        writer.communicate(b"\n")


def test_a_moved_pointer_is_noticed_and_followed(tmp_path: Path) -> None:
    pointer = tmp_path / "revops.duckdb"
    tiny_warehouse.point(pointer, tiny_warehouse.write(tmp_path / "1.duckdb", "first"))
    with Warehouse(pointer) as warehouse:
        assert (warehouse.moved(), warehouse.newer_build()) == (False, None)
        warehouse.query("select load_id from meta.build")
        tiny_warehouse.point(pointer, tiny_warehouse.write(tmp_path / "2.duckdb", "second"))
        assert (warehouse.moved(), warehouse.newer_build()) == (True, "second")
        assert warehouse.query("select load_id from meta.build").item() == "first"
        assert warehouse.refresh()
        assert warehouse.build.load_id == "second"
        assert warehouse.query("select load_id from meta.build").item() == "second"
        assert not warehouse.refresh()


def test_a_pointer_that_leads_nowhere_keeps_the_build_readable(tmp_path: Path) -> None:
    pointer = tmp_path / "revops.duckdb"
    tiny_warehouse.point(pointer, tiny_warehouse.write(tmp_path / "1.duckdb"))
    with Warehouse(pointer) as warehouse:
        tiny_warehouse.point(pointer, tmp_path / "gone.duckdb")
        assert not warehouse.moved()
        assert not warehouse.refresh()
        assert warehouse.query("select load_id from meta.build").item() == "first"


def test_a_mailed_file_replaced_in_place_is_read_anew(file: Path, tmp_path: Path) -> None:
    with Warehouse(file) as warehouse:
        tiny_warehouse.write(tmp_path / "next.duckdb", "second").replace(file)
        assert warehouse.refresh()
        assert warehouse.query("select load_id from meta.build").item() == "second"


def test_a_closed_warehouse_says_so(file: Path) -> None:
    warehouse = Warehouse(file)
    warehouse.close()
    with pytest.raises(QueryError, match="closed"):
        warehouse.query("select 1")
