"""The publish protocol: a build is served whole, or what was served before stays as it was."""

import json
import os
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline import lock, publish
from pipeline.errors import EnvironmentProblem, UsageError
from pipeline.folder import WarehouseFolder
from pipeline.trouble import explained
from tests.support.pipeline import PROJECT, query

NOON = datetime(2026, 3, 31, 12, 0, 0, 123000, UTC)


@pytest.fixture
def folder(tmp_path: Path) -> WarehouseFolder:
    folder = WarehouseFolder(tmp_path / "warehouse")
    folder.create()
    return folder


def fill(con: duckdb.DuckDBPyConnection, load_id: str, rows: int = 10) -> None:
    con.execute("create schema meta; create schema reports")
    con.execute("create table meta.build (load_id varchar)")
    con.execute("insert into meta.build values (?)", [load_id])
    con.execute(f"create table reports.numbers as select range as n from range({rows})")
    con.execute("create view main.numbers as select * from reports.numbers")


def published(folder: WarehouseFolder, keep: int = publish.KEPT_BUILDS) -> str:
    load_id = folder.next_load_id("abcdef0123456789", NOON)
    con = publish.open_unfinished(folder, load_id)
    fill(con, load_id)
    publish.seal(con, folder, load_id)
    publish.publish(folder, load_id, keep)
    return load_id


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def test_a_published_build_is_one_closed_read_only_file_behind_a_relative_link(folder):
    load_id = published(folder)

    assert folder.link.readlink() == Path("builds") / f"{load_id}.duckdb"
    assert stat.S_IMODE(folder.file(load_id).stat().st_mode) == 0o444
    assert names(folder.builds) == [f"{load_id}.duckdb"]
    assert names(folder.root) == ["builds", "revops.duckdb"]
    assert query(folder.link, "select count(*) from numbers") == [(10,)]


def test_the_link_holds_when_the_folder_moves(folder, tmp_path):
    published(folder)

    moved = folder.root.rename(tmp_path / "elsewhere")

    assert query(moved / "revops.duckdb", "select count(*) from numbers") == [(10,)]


def test_a_reader_keeps_its_build_while_another_is_published(folder):
    first = published(folder)
    with duckdb.connect(str(folder.link.resolve()), read_only=True) as reader:
        second = published(folder, keep=1)

        assert reader.execute("select load_id from meta.build").fetchall() == [(first,)]
    assert query(folder.link.resolve(), "select load_id from meta.build") == [(second,)]


def test_names_sort_by_time_even_if_the_clock_is_set_back(folder):
    first = published(folder)
    second = published(folder)
    third = folder.next_load_id("ffff", datetime(2020, 1, 1, tzinfo=UTC))

    assert first == "20260331T120000123-abcdef01"
    assert sorted([third, second, first]) == [first, second, third]


def test_the_last_builds_are_kept_and_always_the_served_one(folder):
    load_ids = [published(folder) for _ in range(4)]
    publish.rollback(folder, load_ids[0])

    publish.prune(folder, keep=2)

    assert folder.load_ids() == (load_ids[0], *load_ids[2:])


def test_left_overs_of_a_killed_build_are_cleared_and_nothing_else(folder):
    load_id = published(folder)
    history = folder.root / "history" / "default" / "a.parquet"
    history.parent.mkdir(parents=True)
    history.touch()
    (folder.builds / "20260401T000000000-aa.tmp").touch()
    (folder.builds / "20260401T000000000-aa.tmp.wal").touch()
    (folder.builds / "20260401T000000000-aa.tmp.spill").mkdir()
    (folder.builds / "20260401T000000000-aa.withdrawn").touch()
    (folder.root / ".revops.duckdb.4711").symlink_to("builds/nothing.duckdb")

    assert publish.clear_leftovers(folder) == 5
    assert names(folder.builds) == [f"{load_id}.duckdb"]
    assert names(folder.root) == ["builds", "history", "revops.duckdb"]
    assert history.exists()


def test_a_file_that_says_it_is_another_build_is_not_published(folder):
    con = publish.open_unfinished(folder, "20260331T120000123-aa")
    fill(con, "another")

    with pytest.raises(EnvironmentProblem, match="does not read back"):
        publish.seal(con, folder, "20260331T120000123-aa")


def test_a_view_that_no_longer_binds_is_not_published(folder):
    con = publish.open_unfinished(folder, "20260331T120000123-aa")
    fill(con, "20260331T120000123-aa")
    con.execute("drop table reports.numbers")

    with pytest.raises(EnvironmentProblem, match="does not read back"):
        publish.seal(con, folder, "20260331T120000123-aa")


def test_somebody_elses_file_under_the_links_name_is_left_alone(tmp_path):
    (tmp_path / "revops.duckdb").write_bytes(b"mine")

    with pytest.raises(EnvironmentProblem, match="file of its own"):
        WarehouseFolder(tmp_path).create()
    assert (tmp_path / "revops.duckdb").read_bytes() == b"mine"


def test_rollback_serves_the_previous_build_and_steps_over_withdrawn_ones(folder):
    first, second, third = (published(folder) for _ in range(3))

    assert publish.rollback(folder, None) == (second, third)
    assert publish.rollback(folder, None) == (first, second)
    assert folder.withdrawn() == {second, third}
    fourth = published(folder)

    assert publish.rollback(folder, None) == (first, fourth)
    with pytest.raises(UsageError, match="no earlier build"):
        publish.rollback(folder, None)
    assert publish.rollback(folder, second) == (second, first)
    assert folder.withdrawn() == {third, fourth}
    assert query(folder.link, "select load_id from meta.build") == [(second,)]


def test_rollback_refuses_an_unknown_build_and_names_the_known(folder):
    load_id = published(folder)

    with pytest.raises(UsageError, match="There is no build nonsense") as caught:
        publish.rollback(folder, "nonsense")

    assert load_id in caught.value.remedy
    assert caught.value.exit_code == 2


def test_rollback_refuses_a_damaged_build(folder):
    first, second = published(folder), published(folder)
    folder.file(first).unlink()
    folder.file(first).write_bytes(b"not a database at all")

    with pytest.raises(EnvironmentProblem, match="does not read back"):
        publish.rollback(folder, None)
    assert folder.served() == second


HOLD = """
import sys, time
from pathlib import Path
from pipeline.lock import exclusive
with exclusive(Path(sys.argv[1]), 0, print):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holder_of(folder: WarehouseFolder, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.root), str(seconds)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_build_waits_and_says_for_whom(folder):
    with holder_of(folder, 0.5) as other:
        said: list[str] = []
        begun = time.monotonic()
        with lock.exclusive(folder.root, 30, said.append):
            assert time.monotonic() - begun > 0.2

    assert f"process {other.pid} on " in said[0]
    assert lock.holder(folder.root) is None


def test_a_second_build_that_may_not_wait_says_who_holds_the_lock(folder):
    with holder_of(folder, 30) as other:
        with (
            pytest.raises(
                EnvironmentProblem, match=f"process {other.pid} on .*, since 20"
            ) as caught,
            lock.exclusive(folder.root, 0, print),
        ):
            pytest.fail("two hold the lock")
        assert str(other.pid) in str(lock.holder(folder.root))
        other.kill()

    assert "--lock-timeout" in caught.value.remedy
    with lock.exclusive(folder.root, 0, print):
        assert json.loads((folder.root / lock.LOCK_FILE).read_text())["pid"] == os.getpid()


FILL_UP = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline import publish
from pipeline.errors import PipelineError
from pipeline.folder import WarehouseFolder
from pipeline.trouble import explained
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
folder = WarehouseFolder(Path(sys.argv[1]))
try:
    with explained(folder.root):
        con = publish.open_unfinished(folder, "20990101T000000000-aa")
        con.execute("create table big as select uuid() as id from range(300000)").fetchall()
        publish.seal(con, folder, "20990101T000000000-aa")
except PipelineError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def test_a_file_that_may_not_grow_leaves_the_served_one_alone(folder):
    load_id = published(folder)

    done = subprocess.run(
        [sys.executable, "-c", FILL_UP, str(folder.root)],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2, done.stderr
    assert "grew beyond the size" in done.stdout
    assert query(folder.link, "select load_id from meta.build") == [(load_id,)]
    assert publish.clear_leftovers(folder) >= 1


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 8 MB of its own, where the machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_and_the_served_file_stays(small_disk):
    folder = WarehouseFolder(small_disk / "warehouse")
    folder.create()
    load_id = published(folder)

    con = publish.open_unfinished(folder, "20990101T000000000-aa")
    with pytest.raises(EnvironmentProblem, match="disk is full") as caught, explained(folder.root):
        con.execute("create table big as select uuid() as id from range(2000000)").fetchall()
    con.close()

    assert "Free some disk space" in caught.value.remedy
    assert query(folder.link, "select load_id from meta.build") == [(load_id,)]
    publish.clear_leftovers(folder)
    assert names(folder.builds) == [f"{load_id}.duckdb"]


def test_a_read_only_disk_is_told_and_still_serves(small_disk):
    folder = WarehouseFolder(small_disk / "warehouse")
    folder.create()
    load_id = published(folder)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises(EnvironmentProblem, match="read-only") as caught, explained(folder.root):
        publish.open_unfinished(folder, "20990101T000000000-aa")

    assert "--warehouse" in caught.value.remedy
    assert query(folder.link, "select load_id from meta.build") == [(load_id,)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes closed folders too")
def test_a_closed_folder_is_told(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(EnvironmentProblem, match="Permission was denied"), explained(tmp_path):
        WarehouseFolder(tmp_path / "warehouse").create()


def test_a_file_where_a_folder_should_be_is_told(tmp_path):
    (tmp_path / "builds").write_text("")

    with pytest.raises(EnvironmentProblem, match="A file stands where"), explained(tmp_path):
        WarehouseFolder(tmp_path).create()
