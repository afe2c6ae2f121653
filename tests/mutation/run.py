"""One mutant against its tests, in this process: the libraries are loaded once."""

import contextlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant
from tests.support import worlds

PROJECT_SQL = worlds.SQL


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant; `noticed_by` is empty for one that lives."""

    mutant: Mutant
    noticed_by: str

    @property
    def is_killed(self) -> bool:
        return bool(self.noticed_by)


class FirstFailure:
    """A pytest plugin that remembers which test failed first."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid.rpartition("/")[2]


def judge(mutant: Mutant, tests: tuple[str, ...]) -> Verdict:
    """Run the tests over a copy of the models with the mutant in it, until one fails."""
    with tempfile.TemporaryDirectory(prefix="revops-mutant-") as folder:
        sql = Path(folder) / "sql"
        shutil.copytree(PROJECT_SQL, sql)
        mutant.write(sql)
        with tested(sql):
            return Verdict(mutant, first_failure(tests))


@contextlib.contextmanager
def tested(sql: Path) -> Iterator[None]:
    """Let the worlds of the tests be built by these models."""
    worlds.SQL = sql
    worlds.needed.cache_clear()
    try:
        yield
    finally:
        worlds.SQL = PROJECT_SQL
        worlds.needed.cache_clear()


def first_failure(tests: tuple[str, ...]) -> str:
    """The first of the tests that fails, those that failed before asked first; or empty."""
    found = FirstFailure()
    options = ["-q", "-x", "--failed-first", "--tb=no", "-o", f"cache_dir={_cache()}"]
    files = [str(PROJECT_SQL.parent / test) for test in tests]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main([*options, *files], plugins=[found])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest could not run the tests:\n{said.getvalue()}")
    return found.name


@cache
def _cache() -> str:
    """Where pytest remembers what failed, gone with the process."""
    folder = tempfile.TemporaryDirectory(prefix="revops-mutation-")
    _KEPT.append(folder)
    return folder.name


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
