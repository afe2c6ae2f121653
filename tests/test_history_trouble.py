"""History under kills, rollbacks and damage: no fact without a served build, none lost."""

import signal
import subprocess
import sys

import duckdb
import pytest

from pipeline import publish
from pipeline.build import build
from pipeline.disk import sha256
from pipeline.errors import EnvironmentProblem
from pipeline.log import Log
from pipeline.progress import Progress
from tests.support.ledger import Shop
from tests.support.pipeline import PROJECT, run

OPEN = "Open"
FIRST = {"D1": (OPEN, 100), "D2": (OPEN, 200)}
SECOND = {"D1": (OPEN, 150), "D2": (OPEN, 200)}
THIRD = {"D1": (OPEN, 170), "D2": (OPEN, 200)}

# Builds what lies in data/; at the named place the process kills itself.
BUILD = """
import importlib, os, signal, sys
from datetime import date
from pathlib import Path
from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress

root, as_of, moment, module, name = sys.argv[1:]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

owner = importlib.import_module(module)
for part in name.split(".")[:-1]:
    owner = getattr(owner, part)
last = name.split(".")[-1]
real = getattr(owner, last)
setattr(owner, last, die if moment == "before" else lambda *given: die(real(*given)))
options = BuildOptions(data=Path(root) / "data", warehouse=Path(root) / "warehouse",
    as_of=date.fromisoformat(as_of), sql=Path(root) / "sql")
build(options, Log("json"), Progress(enabled=False))
"""


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def killed(shop: Shop, as_of: str, place: str) -> None:
    moment, module, name = place.split()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(shop.root), as_of, moment, module, name],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "is_served"),
    [
        ("before pipeline.history.append Appendix.write", False),
        ("after pipeline.history.append sha256", False),
        ("after pipeline.history.append Appendix.write", False),
        ("before pipeline.publish serve", False),
        ("after pipeline.publish serve", True),
        ("before pipeline.history.settle finish", True),
        ("after pathlib Path.replace", True),
    ],
)
def test_a_killed_build_leaves_a_fact_only_if_it_is_served(shop, place, is_served):
    first = shop.build("2026-03-31", FIRST)
    shop.export(SECOND)

    killed(shop, "2026-04-07", place)

    assert (shop.folder.served() != first) == is_served
    shop.build("2026-04-14", THIRD)
    days = [day for day, _ in shop.facts()]
    assert days == ["2026-03-31", *(["2026-04-07"] if is_served else []), "2026-04-14"]
    assert not [name for name in shop.files() if name.endswith(".tmp")]
    assert len(shop.files()) == 3 * len(days)


@pytest.mark.slow
def test_a_build_killed_in_the_middle_of_naming_is_finished_by_the_next(shop, capsys):
    shop.build("2026-03-31", FIRST)
    shop.export(SECOND)
    killed(shop, "2026-04-07", "after pipeline.publish serve")
    load_id = shop.folder.served()
    rows = shop.shelf.parquet_file("deals", load_id)
    # the rows have their name, the record does not
    rows.with_name(rows.name + ".tmp").rename(rows)
    capsys.readouterr()

    build(shop.options("2026-04-07"), Log("json"), Progress(enabled=False))

    assert '"event": "unchanged"' in capsys.readouterr().out
    assert shop.shelf.record_file(load_id).exists()
    assert len(shop.shelf.records()) == 2


def test_rows_without_a_record_are_read_by_nobody(shop):
    first = shop.build("2026-03-31", FIRST)
    rows = shop.shelf.parquet_file("deals", first)
    (rows.parent / "20990101T000000000-aa.parquet").write_bytes(rows.read_bytes())

    shop.build("2026-04-07", SECOND)

    assert shop.facts() == [("2026-03-31", 1), ("2026-04-07", 2)]


def test_a_rollback_withdraws_what_later_builds_appended(shop):
    first = shop.build("2026-03-31", FIRST)
    second = shop.build("2026-04-07", SECOND)
    publish.rollback(shop.folder, first)

    shop.build("2026-04-14", THIRD)

    assert shop.facts() == [("2026-03-31", 1), ("2026-04-14", 3)]
    assert shop.shelf.withdrawn() == {second}
    assert ("D1", "2026-04-07", "open", "150") not in shop.states()


@pytest.mark.slow
def test_a_withdrawn_build_that_is_taken_back_has_its_history_again(shop):
    first = shop.build("2026-03-31", FIRST)
    second = shop.build("2026-04-07", SECOND)
    publish.rollback(shop.folder, first)
    third = shop.build("2026-04-14", THIRD)

    publish.rollback(shop.folder, second)

    assert shop.shelf.withdrawn() == {third}
    shop.build("2026-04-21", THIRD)
    assert shop.facts() == [("2026-03-31", 1), ("2026-04-07", 2), ("2026-04-21", 4)]


@pytest.mark.slow
def test_a_build_that_added_nothing_takes_the_facts_it_rests_on_back_with_it(shop):
    first = shop.build("2026-03-31", FIRST)
    second = shop.build("2026-04-07", SECOND)
    shop.export(SECOND)
    build(shop.options("2026-04-07", force=True), Log("json"), Progress(enabled=False))
    third = shop.folder.served()
    publish.rollback(shop.folder, first)
    assert shop.shelf.withdrawn() == {second}

    publish.rollback(shop.folder, third)

    assert shop.shelf.withdrawn() == frozenset()


@pytest.mark.slow
def test_the_inputs_of_a_withdrawn_build_are_not_built_again_by_themselves(shop, capsys):
    first = shop.build("2026-03-31", FIRST)
    second = shop.build("2026-04-07", SECOND)
    publish.rollback(shop.folder, first)

    assert shop.build("2026-04-07", SECOND) == first
    assert f"gave build {second}, which a rollback withdrew" in capsys.readouterr().out
    shop.build("2026-04-07", SECOND, force=True)
    assert shop.facts() == [("2026-03-31", 1), ("2026-04-07", 3)]


def test_a_rollback_that_was_killed_is_carried_through_by_the_next_build(shop):
    first = shop.build("2026-03-31", FIRST)
    second = shop.build("2026-04-07", SECOND)
    # as far as `rollback` comes before it tells the books
    shop.folder.withdraw(second)
    publish.serve(shop.folder, first)

    shop.build("2026-04-14", THIRD)

    assert shop.facts() == [("2026-03-31", 1), ("2026-04-14", 3)]


@pytest.mark.parametrize("harm", ["altered", "gone", "record"])
def test_damaged_history_is_refused_with_a_way_out(shop, harm, capsys):
    first = shop.build("2026-03-31", FIRST)
    rows, record = shop.shelf.parquet_file("deals", first), shop.shelf.record_file(first)
    if harm == "altered":
        rows.write_bytes(rows.read_bytes()[:-1] + b"x")
    elif harm == "gone":
        rows.unlink()
    else:
        record.write_text('{"load_id": 3}')

    with pytest.raises(EnvironmentProblem, match="history cannot be read") as caught:
        shop.build("2026-04-07", SECOND)

    assert "python -m pipeline history archive default" in caught.value.remedy
    assert shop.folder.served() == first
    warehouse = shop.folder.root
    assert run(capsys, "history", "archive", "default", "--warehouse", warehouse).code == 0
    shop.build("2026-04-07", SECOND)
    assert shop.facts() == [("2026-04-07", 1)]


def rewritten(shop: Shop, load_id: str, select: str) -> None:
    """Replace the rows of a build by a query over them, as another version would write them."""
    rows, record = shop.shelf.parquet_file("deals", load_id), shop.shelf.record_file(load_id)
    before = sha256(rows)
    other = rows.with_suffix(".other")
    duckdb.sql(f"copy ({select} from '{rows}') to '{other}' (format parquet)")
    other.replace(rows)
    record.write_text(record.read_text().replace(before, sha256(rows)))


def test_rows_of_another_schema_are_refused(shop):
    first = shop.build("2026-03-31", FIRST)
    rewritten(shop, first, "select *, 1 as discount")

    with pytest.raises(EnvironmentProblem, match="another schema: discount is integer"):
        shop.build("2026-04-07", SECOND)


def test_a_column_that_an_earlier_version_did_not_keep_is_not_known(shop):
    first = shop.build("2026-03-31", FIRST)
    rewritten(shop, first, "select * exclude (probability)")

    shop.build("2026-04-07", SECOND)

    assert shop.query(
        "select distinct cast(as_of as varchar) as day, probability from raw.deal_ledger"
        " order by day"
    ) == [("2026-03-31", None), ("2026-04-07", 0.5)]


def test_archiving_moves_a_book_and_removes_nothing(shop, capsys):
    shop.build("2026-03-31", FIRST)
    files, warehouse = shop.files(), shop.folder.root

    done = run(capsys, "history", "archive", "default", "--warehouse", warehouse)
    again = run(capsys, "history", "archive", "default", "--warehouse", warehouse)

    assert done.code == 0
    assert "default.archived-1" in done.out
    assert again.code == 2
    assert "There is no book default" in again.err
    assert Shop(shop.root, "default.archived-1").files() == files
    shop.build("2026-04-07", SECOND)
    run(capsys, "history", "archive", "default", "--warehouse", warehouse)
    listed = run(capsys, "history", "list", "--warehouse", warehouse).out.splitlines()
    assert [line.split()[0] for line in listed] == ["default.archived-1", "default.archived-2"]


def test_the_list_tells_of_every_book(shop, capsys):
    warehouse = shop.folder.root
    assert "no history" in run(capsys, "history", "list", "--warehouse", warehouse).out
    first = shop.build("2026-03-31", FIRST)
    shop.build("2026-04-07", SECOND)
    publish.rollback(shop.folder, first)
    shop.build("2026-04-14", THIRD, new_book="other")

    listed = run(capsys, "history", "list", "--warehouse", warehouse).out.splitlines()

    assert listed[0].startswith(
        "default  1 exported day, 2026-03-31 to 2026-03-31; 2 builds (1 withdrawn)"
    )
    assert listed[1].startswith("other  1 exported day, 2026-04-14 to 2026-04-14; 1 build;")


def test_a_book_has_a_plain_name(shop, capsys):
    done = run(capsys, "build", "--new-book", "../elsewhere")

    assert done.code == 2
    assert "no name of letters" in done.err


def test_no_target_deletes_history():
    done = subprocess.run(
        ["make", "-n", "clean"], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    doomed = done.stdout.split()
    assert "warehouse/builds" in doomed
    assert not [word for word in doomed if word.rstrip("/*") in ("warehouse", "warehouse/history")]
