"""Small worlds worked by hand: a folder of input rows, questions and expected answers.

`case.toml` says in words why the numbers are right, gives the as-of date and
policies, and under `[answers]` the query behind each `expected_<name>.csv`. An
expected file lists only the columns that the case is about.
"""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.policy import Policy
from tests.support.questions import is_same
from tests.support.worlds import COLUMNS, World, csv_rows, query, warehouse

CASES = Path(__file__).parents[1] / "cases"
MODELS = (
    "metrics.marketing",
    "metrics.pipeline",
    "reports.marketing_funnel",
    "reports.marketing_trend",
    "reports.pipeline_stages",
    "reports.stuck_deals",
    "reports.benchmark_comparison",
    "reports.kpis",
    "checks.benchmarks_that_are_not_used",
    "checks.dates_after_the_as_of_date",
)


@dataclass(frozen=True)
class Case:
    """One folder, read."""

    world: World
    answers: dict[str, str]
    folder: Path

    def check(self) -> None:
        """Every answer is the expected one, row by row in its order."""
        con = warehouse(self.world, MODELS)
        for name, sql in self.answers.items():
            expected = list(_expected(self.folder / f"expected_{name}.csv"))
            found = query(con, sql)
            assert len(found) == len(expected), f"{name}: {found}"
            for number, (row, wanted) in enumerate(zip(found, expected, strict=True), 1):
                for column, text in wanted.items():
                    assert _agrees(row[column], text), (
                        f"{name}, row {number}, {column}: {row[column]}, expected {text}"
                    )


def folders(prefix: str) -> list[Path]:
    return sorted(CASES.glob(f"{prefix}_*"))


def read(folder: Path) -> Case:
    stated = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    rows = {
        name: csv_rows(folder / f"{name}.csv", name)
        for name in COLUMNS
        if (folder / f"{name}.csv").exists()
    }
    world = World(rows, stated["as_of"], Policy(**stated.get("policy", {})))
    return Case(world, stated["answers"], folder)


def _expected(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _agrees(value: Any, text: str) -> bool:
    if text == "":
        return value is None
    if isinstance(value, bool):
        return str(value).lower() == text
    if isinstance(value, str | date):
        return str(value) == text
    return is_same(value, float(text))
