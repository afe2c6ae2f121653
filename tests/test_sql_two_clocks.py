"""The ledger of deals, told by hand: what is stated of one day at different times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pytest

from pipeline.models.discover import read_model
from tests.oracle_ledger import Said, State
from tests.support.worlds import SQL
from tests.test_sql_deal_states import WANTED, built, retold, told

MONDAY = date(2026, 1, 5)
TUESDAY, WEDNESDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 4))


def export(day: date, known_at: int, **amounts: int) -> Said:
    """Today's file of that day: every open deal with its amount."""
    return Said(day, known_at, day, "export", True, opened(amounts))


def back_fill(day: date, known_at: int, told_on: date, is_full: bool, **amounts: int) -> Said:
    """What a later build's deal_history said of an earlier day."""
    return Said(day, known_at, told_on, "back-fill", is_full, opened(amounts))


def opened(amounts: Mapping[str, int]) -> dict[str, State]:
    return {deal: ("open", amount) for deal, amount in amounts.items()}


@dataclass(frozen=True)
class Story:
    """What was said, and the deals known now at the end of a day; None: it is gone."""

    about: str
    said: tuple[Said, ...]
    known: Mapping[date, Mapping[str, int | None]]


STORIES = (
    Story(
        "a corrected export of the same day takes the place of the first",
        (export(MONDAY, 1, A=1, B=1), export(MONDAY, 2, A=2)),
        {MONDAY: {"A": 2}},
    ),
    Story(
        "a full list learned later takes the place of the export, and B was never there",
        (export(MONDAY, 1, A=1, B=1), back_fill(MONDAY, 2, FRIDAY, True, A=2),
         export(FRIDAY, 2, A=2)),
        {MONDAY: {"A": 2}, WEDNESDAY: {"A": 2}},
    ),
    Story(
        "said of one day by one build, the export counts and the history file does not",
        (export(MONDAY, 1, A=1), back_fill(MONDAY, 1, MONDAY, True, A=2, B=2)),
        {MONDAY: {"A": 1}},
    ),
    Story(
        "the same for a file of changes",
        (export(MONDAY, 1, A=1), back_fill(MONDAY, 1, MONDAY, False, A=2, B=2)),
        {MONDAY: {"A": 1}},
    ),
    Story(
        "an export that comes after the history file counts",
        (back_fill(MONDAY, 1, TUESDAY, True, A=1, B=1), export(TUESDAY, 1, A=1, B=1),
         export(MONDAY, 2, A=3)),
        {MONDAY: {"A": 3}, TUESDAY: {"A": 1, "B": 1}},
    ),
    Story(
        "a full list that was taken back leaves the export as it was",
        (export(MONDAY, 1, A=1), back_fill(MONDAY, 2, TUESDAY, True, A=2, B=2),
         export(TUESDAY, 2, A=2), back_fill(MONDAY, 3, FRIDAY, True), export(FRIDAY, 3, A=2)),
        {MONDAY: {"A": 1}, TUESDAY: {"A": 2}},
    ),
    Story(
        "a list that was taken back removes nobody",
        (export(MONDAY, 1, A=1, B=1), back_fill(TUESDAY, 2, WEDNESDAY, True, A=1),
         export(WEDNESDAY, 2, A=1, B=1), back_fill(TUESDAY, 3, FRIDAY, True),
         export(FRIDAY, 3, A=1, B=1)),
        {TUESDAY: {"A": 1, "B": 1}},
    ),
    Story(
        "changes learned later add a deal to the export's, until a list leaves it out",
        (export(MONDAY, 1, A=1, B=1), back_fill(MONDAY, 2, WEDNESDAY, False, A=2, C=2),
         export(WEDNESDAY, 2, A=2, B=1)),
        {MONDAY: {"A": 2, "B": 1, "C": 2}, TUESDAY: {"A": 2, "B": 1, "C": 2},
         WEDNESDAY: {"A": 2, "B": 1, "C": None}},
    ),
    Story(
        "who is missing from changes is unchanged, from the next list gone, and may be back",
        (export(MONDAY, 1, A=1, B=1), back_fill(TUESDAY, 2, WEDNESDAY, False, A=2),
         export(WEDNESDAY, 2, A=2), export(FRIDAY, 3, A=2, B=1)),
        {TUESDAY: {"A": 2, "B": 1}, WEDNESDAY: {"A": 2, "B": None}, FRIDAY: {"A": 2, "B": 1}},
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger() -> duckdb.DuckDBPyConnection:
    return built([], {}, wanted=(*WANTED, "marts.deals"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.about)
def test_what_is_known_now(ledger: duckdb.DuckDBPyConnection, story: Story) -> None:
    retold(ledger, story.said)
    for source in ("marts.deal_states", "reports.deal_states_known_on(null)"):
        assert deals_at(ledger, source, *story.known) == story.known, source


def test_each_day_on_which_something_became_known_has_its_own_truth(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    """Monday's amount is 1 until Wednesday's build says 2; on Sunday nothing is known."""
    said = (
        export(MONDAY, 1, A=1),
        back_fill(MONDAY, 2, WEDNESDAY, True, A=2),
        export(WEDNESDAY, 2, A=2),
    )
    retold(ledger, said)
    known = {}
    for day in (MONDAY - timedelta(days=1), MONDAY, TUESDAY, WEDNESDAY, FRIDAY):
        source = f"reports.deal_states_known_on(date '{day}')"
        known[day] = deals_at(ledger, source, MONDAY)[MONDAY].get("A")
    assert list(known.values()) == [None, 1, 1, 2, 2]


def test_what_is_not_heard_removes_nobody(ledger: duckdb.DuckDBPyConnection) -> None:
    """A list of a day still to come stands in the history, and says nothing yet."""
    retold(ledger, [export(MONDAY, 1, A=1)])
    ledger.execute(
        "insert into meta.history by name select 'deals' as subject, 'back-fill' as origin,"
        " ? as as_of, 1 as known_at, ? as known_as_of, true as is_snapshot, 5 as rows,"
        " false as is_heard",
        [WEDNESDAY, MONDAY],
    )
    for name in ("intermediate/ledger_days", "intermediate/deal_statements", "marts/deal_states"):
        model = read_model(SQL / f"{name}.sql")
        ledger.execute(f"create or replace table {model.name} as {model.statement}")
    assert deals_at(ledger, "marts.deal_states", FRIDAY) == {FRIDAY: {"A": 1}}


def test_a_span_ends_where_the_next_begins(ledger: duckdb.DuckDBPyConnection) -> None:
    retold(ledger, [export(MONDAY, 1, A=1), export(TUESDAY, 2, A=1), export(FRIDAY, 3)])
    for source in ("marts.deal_states", "reports.deal_states_known_on(null)"):
        rows = ledger.execute(
            f"select valid_from, valid_to, status from {source} order by valid_from"
        ).fetchall()
        assert rows == [(MONDAY, FRIDAY, "open"), (FRIDAY, date(9999, 12, 31), "removed")]


def deals_at(
    con: duckdb.DuckDBPyConnection, source: str, *days: date
) -> dict[date, dict[str, int | None]]:
    """The deals at the end of each day, with the amount of those that are open."""
    known = told(con, source, days).items()
    return {
        day: {
            deal: amount if status == "open" else None for deal, (status, amount) in deals.items()
        }
        for day, deals in known
    }
