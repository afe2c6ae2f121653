"""Reading ahead and writing behind: nothing lost, failures heard, no thread left."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import InputError
from pipeline.ingest import file_load
from pipeline.ingest.threads import Behind, ahead
from tests.loading import database, load
from tests.support.tiny import DEALS

Tiny = Callable[..., Path]


def failing(after: int) -> Iterator[int]:
    yield from range(after)
    raise ValueError("the disk went away")


def give_all(behind: Behind, numbers: range) -> None:
    with behind:
        for number in numbers:
            behind.give(number)


def threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name in ("reader", "writer")]


def test_items_come_in_order() -> None:
    assert list(ahead(range(100))) == list(range(100))
    assert threads() == []


def test_the_reader_stays_a_step_ahead_and_no_more() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with closing(ahead(items())) as numbers:
        next(numbers)
        time.sleep(0.2)
        assert len(taken) <= 4
    assert threads() == []


def test_what_the_reader_raises_is_raised_after_what_it_read() -> None:
    seen: list[int] = []
    with pytest.raises(ValueError, match="disk"):
        seen.extend(ahead(failing(after=3)))
    assert seen == [0, 1, 2]
    assert threads() == []


def test_what_the_writer_raises_is_raised_and_later_work_is_not_done() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 2:
            raise ValueError("the disk is full")
        done.append(number)

    with pytest.raises(ValueError, match="full"):
        give_all(Behind(work), range(50))
    assert done == [0, 1]
    assert threads() == []


def test_the_writer_finishes_what_it_was_given() -> None:
    done: list[int] = []
    give_all(Behind(done.append), range(20))
    assert done == list(range(20))


def test_text_that_is_not_utf8_late_in_a_file_stops_the_load(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_load, "PORTION", 2)
    data = tiny()
    (data / "pipeline_deals.csv").write_bytes(DEALS.replace("Dogwood", "Dogwööd").encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        load(data)
    assert threads() == []


def test_a_full_database_stops_the_load(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(file_load.Writer, "_append", full)
    with pytest.raises(duckdb.IOException, match="space"):
        load(tiny())
    assert threads() == []


def test_the_memory_of_the_database_is_given_back(tiny: Tiny) -> None:
    """To the last digit that DuckDB shows of it."""
    con = database()

    def gibibytes() -> float:
        (limit,) = con.execute("select current_setting('memory_limit')").fetchall()[0]
        return float(limit.removesuffix(" GiB"))

    con.execute("set memory_limit = '3GiB'")
    load(tiny(), con=con)
    assert gibibytes() == pytest.approx(3, abs=0.11)
