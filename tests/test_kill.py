"""A build that is killed, at any moment: readers see the old warehouse or the new one, whole."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.folder import WarehouseFolder
from tests.support.models import model_folder
from tests.support.pipeline import PROJECT, query
from tests.support.tiny import DEALS, tiny_data

# Publishes a build of one number; at the named place the process kills itself.
PUBLISH = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline import publish
from pipeline.folder import WarehouseFolder

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

root, number, place = sys.argv[1:]
moment, _, name = place.partition(" ")
owner = publish if hasattr(publish, name) else Path
real = getattr(owner, name, None)
if moment == "before":
    setattr(owner, name, die)
elif moment == "after":
    setattr(owner, name, lambda *given: die(real(*given)))

folder = WarehouseFolder(Path(root))
folder.create()
publish.clear_leftovers(folder)
load_id = folder.next_load_id("abcdef01", datetime.now(UTC))
con = publish.open_unfinished(folder, load_id)
con.execute("create schema meta; create table meta.build (load_id varchar)")
con.execute("insert into meta.build values (?)", [load_id])
con.execute("create table main.numbers as select cast(? as integer) as n", [int(number)])
publish.seal(con, folder, load_id)
publish.publish(folder, load_id)
"""

# Waits for a word, so that loading the libraries is not part of what is killed.
BUILD = """
import sys
from pathlib import Path
import pipeline.assemble, pipeline.ingest.load
from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
data, warehouse, sql = map(Path, sys.argv[1:])
print("ready", flush=True)
sys.stdin.readline()
build(BuildOptions(data=data, warehouse=warehouse, sql=sql), Log(), Progress(enabled=False))
"""


def published(root: Path, number: int, place: str = "never") -> int:
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(root), str(number), place],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("after open_unfinished", 1),
        ("before seal", 1),
        ("before verify", 1),
        ("before chmod", 1),
        ("after seal", 1),
        ("before rename", 1),
        ("after rename", 1),
        ("after symlink_to", 1),
        ("after replace", 2),
        ("before prune", 2),
    ],
)
def test_killed_between_two_steps(tmp_path, place, number):
    folder = WarehouseFolder(tmp_path)
    assert published(tmp_path, 1) == 0

    assert published(tmp_path, 2, place) == -signal.SIGKILL

    assert query(folder.link.resolve(), "from numbers") == [(number,)]
    assert published(tmp_path, 3) == 0
    assert query(folder.link.resolve(), "from numbers") == [(3,)]
    assert len(folder.load_ids()) == number + 1
    assert sorted(path.name for path in folder.builds.iterdir()) == [
        f"{load_id}.duckdb" for load_id in folder.load_ids()
    ]
    assert sorted(path.name for path in folder.root.iterdir()) == ["builds", "revops.duckdb"]


class Reader(threading.Thread):
    """Opens the served warehouse again and again, as a dashboard does when the link moves."""

    def __init__(self, folder: WarehouseFolder) -> None:
        super().__init__(daemon=True)
        self._folder = folder
        self._stopped = threading.Event()
        self.reads: list[tuple[str, float, str]] = []
        self.broken: list[str] = []

    def run(self) -> None:
        while not self._stopped.is_set():
            path = self._folder.link.resolve()
            try:
                [(load_id, amount)] = query(
                    path,
                    "select build.load_id, sum(deals.amount)"
                    " from meta.build as build, marts.deals as deals group by all",
                )
                self.reads.append((str(load_id), float(str(amount)), path.stem))
            except (duckdb.Error, ValueError) as error:
                self.broken.append(f"{path.name}: {error}")
            time.sleep(0.01)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def started(data: Path, warehouse: Path, sql: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(data), str(warehouse), str(sql)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def released(process: subprocess.Popen[str], seconds: float | None) -> int:
    """Let the build go, and kill it after `seconds`; None lets it finish."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    if seconds is not None:
        time.sleep(seconds)
        process.kill()
    process.communicate()
    return process.returncode


def amounts() -> Iterator[int]:
    """Another amount for the one open deal at every build: its inputs have changed."""
    yield from range(10_000, 99_999, 500)


def battered(root: Path, kills: int, seed: int) -> tuple[Reader, dict[str, float]]:
    """Build once, then kill `kills` builds at random moments while somebody reads."""
    moments, sql = random.Random(seed), model_folder(root)
    folder, amount = WarehouseFolder(root / "warehouse"), amounts()
    truth: dict[str, float] = {}

    def build(longest: float | None) -> tuple[int, float]:
        value = next(amount)
        data = tiny_data(root, pipeline_deals=DEALS.replace("10000", str(value)))
        process = started(data, folder.root, sql)
        begun = time.monotonic()
        code = released(process, longest and moments.uniform(0, longest))
        # the other three deals are worth 6,000, 4,000 and 9,000
        truth.setdefault(folder.served() or "", value + 19_000)
        return code, time.monotonic() - begun

    code, seconds = build(None)
    assert code == 0
    reader = Reader(folder)
    reader.start()
    for _ in range(kills):
        build(seconds)
    assert build(None)[0] == 0
    time.sleep(0.1)
    reader.stop()
    assert not [path.name for path in folder.builds.iterdir() if path.suffix != ".duckdb"]
    return reader, truth


def assert_every_read_was_whole(reader: Reader, truth: dict[str, float]) -> None:
    assert reader.broken == []
    assert len(reader.reads) > 10
    for load_id, amount, name in reader.reads:
        assert load_id == name
        assert truth[load_id] == amount
    assert len({load_id for load_id, _, _ in reader.reads}) >= 2


@pytest.mark.slow
def test_killed_at_random_moments_under_a_reader(tmp_path):
    assert_every_read_was_whole(*battered(tmp_path, kills=4, seed=1))


@pytest.mark.slow
def test_killed_many_times_under_a_reader(tmp_path):
    assert_every_read_was_whole(*battered(tmp_path, kills=60, seed=2))
