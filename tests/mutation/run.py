"""One mutant against its tests, in a process that has the libraries loaded already."""

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant

PROJECT = Path(__file__).parents[2]
PROJECT_SQL = PROJECT / "sql"
SQL_VARIABLE = "REVOPS_TESTED_SQL"


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


def begin(folder: str) -> None:
    """Give this process models of its own, before a test says where models lie."""
    own = Path(tempfile.mkdtemp(dir=folder))
    shutil.copytree(PROJECT_SQL, own / "sql")
    os.environ[SQL_VARIABLE] = str(own / "sql")


def judge(mutant: Mutant, tests: tuple[str, ...]) -> Verdict:
    """Run the tests over the models with the mutant in them, until one fails."""
    with _living(mutant):
        return Verdict(mutant, first_failure(tests))


def first_failure(tests: tuple[str, ...]) -> str:
    """The first that fails of the tests without chance in them; empty when none does.

    Tests that failed before are asked first.
    """
    found = FirstFailure()
    cache = Path(os.environ[SQL_VARIABLE]).parent / "cache"
    options = ["-qx", "--failed-first", "--tb=no", "-m", "not hypothesis", f"-ocache_dir={cache}"]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main([*options, *(str(PROJECT / test) for test in tests)], plugins=[found])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest could not run the tests:\n{said.getvalue()}")
    return found.name


@contextlib.contextmanager
def _living(mutant: Mutant) -> Iterator[None]:
    """The mutant stands in this process's models, and is gone afterwards."""
    from tests.support.worlds import needed

    sql = Path(os.environ[SQL_VARIABLE])
    mutant.write(sql)
    needed.cache_clear()
    try:
        yield
    finally:
        model = f"{mutant.model}.sql"
        shutil.copyfile(PROJECT_SQL / model, sql / model)
        needed.cache_clear()
