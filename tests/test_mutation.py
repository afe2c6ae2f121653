"""`make mutate` itself: what it turns around, and what it leaves alone."""

from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.run import PROJECT_SQL
from tests.mutation.scope import ALIKE, GROUPS

MODELS = [model for group in GROUPS for model in group.models]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with one model; the test writes its text."""
    (tmp_path / "marts").mkdir()
    return tmp_path / "marts" / "moves.sql"


def turned(model: Path, text: str) -> set[str]:
    model.write_text(text, encoding="utf-8")
    return {mutant.becomes for mutant in mutants(model.parents[1], "marts/moves")}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("where a.start <= b.day", {"where a.start < b.day"}),
        ("where a.start < b.day", {"where a.start <= b.day"}),
        ("where a.before > 0", {"where a.before >= 0"}),
        ("where a.before <> 0", {"where a.before = 0"}),
        ("when a.is_open and b.is_due", {"when a.is_open or b.is_due"}),
        ("when not a.is_due", {"when a.is_due"}),
        ("when a.amount is not null", {"when a.amount is null"}),
        ("when a.status is distinct from b.state",
         {"when a.status is not distinct from b.state"}),
        ("lag(a.mrr, 12) over months", {"lag(a.mrr, 11) over months"}),
        ("order by a.day desc", {"order by a.day asc"}),
        # named arguments, texts, comments and the keys on which rows meet are no conditions
        ("since := since, until := until", set()),
        ("when a.move then 'new or >= back'", set()),
        ("-- new, or back", set()),
        ("on a.customer_id = b.customer_id", set()),
        ("create or replace macro reports.moves(day := null) as table", set()),
    ],
)  # fmt: skip
def test_each_condition_is_turned_around(model: Path, line: str, expected: set[str]) -> None:
    assert turned(model, f"select 1\n{line}\n") == expected


def test_a_mutant_changes_its_line_and_no_other(model: Path) -> None:
    model.write_text("select a\nwhere a > 0\n", encoding="utf-8")
    [mutant] = mutants(model.parents[1], "marts/moves")
    mutant.write(model.parents[1])
    assert model.read_text(encoding="utf-8") == "select a\nwhere a >= 0\n"
    assert mutant == Mutant("marts/moves", 2, "where a > 0", "where a >= 0")


def test_what_is_called_alike_is_a_mutant_of_today() -> None:
    for model, alike in ALIKE.items():
        assert model in MODELS
        assert alike.keys() <= {mutant.becomes for mutant in mutants(PROJECT_SQL, model)}
