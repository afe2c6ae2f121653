"""The examples of sql/DECISIONS.md: what the page says is what the SQL answers."""

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.policy import Policy
from tests.loading import load
from tests.support.pipeline import PROJECT
from tests.support.tiny import tiny_data
from tests.support.worlds import World, csv_rows, warehouse

PAGE = (PROJECT / "sql" / "DECISIONS.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)
MODEL = re.compile(r"\b(?:staging|intermediate|marts|metrics|reports)\.[a-z_0-9]+")
# a policy's choices are worked out for these, whichever of them the example reads
DOMAINS = ("metrics.marketing", "metrics.pipeline", "metrics.revenue")


@dataclass
class Section:
    """A definition: its rows by dataset, how they are read, and queries with their answers."""

    title: str
    rows: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    questions: list[tuple[str, str]] = field(default_factory=list)
    asks_policies: bool = False

    @property
    def reads_files(self) -> bool:
        """Whether the example is about reading a file, not about rows once they are read."""
        return any(name.endswith(".csv") for name in self.rows)

    def database(self, folder: Path) -> duckdb.DuckDBPyConnection:
        """The rows, and every model that the queries name."""
        if self.reads_files:
            files = {name.removesuffix(".csv"): text for name, text in self.rows.items()}
            return load(tiny_data(folder, **files)).con
        wanted = {name for sql, _ in self.questions for name in MODEL.findall(sql)}
        if not wanted:
            return duckdb.connect()
        if self.asks_policies:
            wanted |= {*DOMAINS}
        rows = {}
        for name, text in self.rows.items():
            path = folder / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            rows[name] = csv_rows(path, name)
        policy = Policy(**self.settings.get("policy", {}))
        world = World(rows, as_of=self.settings.get("as_of"), policy=policy)
        return warehouse(world, sorted(wanted), policies=self.asks_policies)


def sections() -> Iterator[Section]:
    for part in re.split(r"^### ", PAGE, flags=re.M)[1:]:
        section = Section(part.splitlines()[0])
        asked = None
        for block in BLOCK.finditer(part):
            kind, name, text = block["kind"], block["name"], block["text"]
            if kind == "sql":
                section.asks_policies |= name == "policies"
                asked = text
            elif kind == "toml":
                section.settings = tomllib.loads(text)
            elif name:
                section.rows[name] = text
            else:
                assert asked, f"{section.title}: an answer without a question"
                section.questions.append((asked, text))
                asked = None
        assert asked is None, f"{section.title}: a question without an answer"
        yield section


SECTIONS = [section for section in sections() if section.questions]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_the_example_is_what_the_sql_answers(section: Section, tmp_path: Path):
    con = section.database(tmp_path)
    for sql, answer in section.questions:
        cursor = con.execute(sql)
        names = [column[0] for column in cursor.description or []]
        found = cursor.fetchall()
        header, *expected = list(csv.reader(StringIO(answer)))
        assert names == header
        assert len(found) == len(expected), found
        for row, cells in zip(found, expected, strict=True):
            wrong = [
                f"{name} is {value}, the page says {cell}"
                for name, value, cell in zip(names, row, cells, strict=True)
                if not says(value, cell)
            ]
            assert not wrong, f"{row}: {wrong}"


def says(value: Any, cell: str) -> bool:
    """Whether a cell states the value, to as many decimals as it gives."""
    if cell == "" or value is None:
        return cell == "" and value is None
    if isinstance(value, bool):
        return cell == str(value).lower()
    try:
        number = float(cell)
    except ValueError:
        return str(value) == cell
    decimals = len(cell.partition(".")[2])
    half = 0.5 * 10**-decimals if decimals else 0
    return isclose(float(value), number, rel_tol=0, abs_tol=half + 1e-9)


def test_every_definition_that_can_be_worked_out_has_an_example():
    titles = re.findall(r"^### (.*)$", PAGE, re.M)
    without = set(titles) - {section.title for section in SECTIONS}

    assert without == {"Closed months may be restated, but not silently"}
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    ("value", "cell", "expected"),
    [(1 / 3, "0.3333", True), (1 / 3, "0.33", True), (1 / 3, "0.334", False), (None, "", True),
     (0, "", False), (None, "0", False), (100, "100", True), (100.4, "100", False),
     (True, "true", True), ("a", "a", True), ("a", "b", False)],
)  # fmt: skip
def test_a_cell_states_a_value_to_its_decimals(value: Any, cell: str, expected: bool):
    assert says(value, cell) is expected


def test_the_page_stays_readable():
    prose = [line for line in BLOCK.sub("", PAGE).splitlines() if not line.startswith("#")]
    assert max(map(len, prose)) <= 125
