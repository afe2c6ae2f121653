"""marts.deal_states: what was said of deals becomes spans, now and as known on a day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.models.discover import read_model
from tests.oracle_ledger import REMOVED, Said, every_day, states_by_day
from tests.support.worlds import SQL, World, query, warehouse

WANTED = ("marts.deal_states", "reports.deal_states_known_on")
CHECKS = ("checks.deal_spans_follow_each_other", "checks.deal_statements_are_states",
          "checks.deal_states_end_in_todays_deals", "checks.history_is_loaded_whole",
          "checks.ledger_now_is_the_ledger")  # fmt: skip
STATUS = {"open": "Open", "won": "Closed_Won", "lost": "Closed_Lost"}
FIRST = date(2026, 1, 1)
FOREVER = date(9999, 12, 31)
NAMES = ("D1", "D2", "D3")


def row(deal: str, status: str = "open", amount: int | None = 100, **more: Any) -> dict[str, Any]:
    return {
        "deal_id": deal, "status": STATUS[status], "amount": amount,
        "stage": "Demo" if status == "open" else STATUS[status],
        "created_at": date(2025, 12, 1), "expected_close": date(2026, 6, 30),
        "last_stage_change": date(2025, 12, 20), "probability": 0.5, **more,
    }  # fmt: skip


def built(
    today: Sequence[Mapping[str, Any]],
    history: Mapping[str, Sequence[Mapping[str, Any]]],
    kind: str = "snapshots",
    as_of: str = "2026-03-31",
    wanted: Sequence[str] = WANTED,
) -> duckdb.DuckDBPyConnection:
    """The ledger of today's deals and of what was said on earlier days."""
    rows = [
        {"snapshot_date": date.fromisoformat(day), **each}
        for day, said in history.items()
        for each in said
    ]
    world = {"pipeline_deals": today} | ({"deal_history": rows} if rows else {})
    return warehouse(World(world, date.fromisoformat(as_of), history_kind=kind), wanted)


def spans(con: duckdb.DuckDBPyConnection, deal: str = "D1", *columns: str) -> list[tuple[str, ...]]:
    chosen = ", ".join(columns or ("status", "cast(amount as integer)"))
    found = con.execute(
        f"select valid_from, valid_to, {chosen} from marts.deal_states where deal_id = ?"
        " order by valid_from",
        [deal],
    ).fetchall()
    return [tuple(map(str, each)) for each in found]


def test_one_export_is_one_state_from_that_day_on():
    con = built([row("D1")], {})

    assert spans(con) == [("2026-03-31", "9999-12-31", "open", "100")]


def test_a_state_lasts_until_something_else_is_said():
    # 31 January and 28 February say the same; March says 120
    con = built([row("D1", amount=120)], {"2026-01-31": [row("D1")], "2026-02-28": [row("D1")]})

    assert spans(con) == [
        ("2026-01-31", "2026-03-31", "open", "100"),
        ("2026-03-31", "9999-12-31", "open", "120"),
    ]


def test_the_close_date_is_the_deals_own_and_not_the_first_day_of_the_span():
    won = row("D1", "won", last_stage_change=date(2026, 2, 10))
    con = built([won], {"2026-01-31": [row("D1")], "2026-02-28": [won]})

    assert spans(con, "D1", "status", "closed_on", "stage") == [
        ("2026-01-31", "2026-02-28", "open", "None", "Demo"),
        ("2026-02-28", "9999-12-31", "won", "2026-02-10", "Closed_Won"),
    ]


def test_created_and_won_between_two_exports():
    won = row("D2", "won", created_at=date(2026, 2, 3), last_stage_change=date(2026, 2, 20))
    con = built([row("D1"), won], {"2026-01-31": [row("D1")]})

    assert spans(con, "D2", "status", "created_on", "closed_on") == [
        ("2026-03-31", "9999-12-31", "won", "2026-02-03", "2026-02-20")
    ]


def test_a_deal_that_is_reopened_loses_its_close_date():
    lost = row("D1", "lost", amount=0, last_stage_change=date(2026, 2, 10))
    con = built([row("D1")], {"2026-01-31": [row("D1")], "2026-02-28": [lost]})

    assert spans(con, "D1", "status", "closed_on") == [
        ("2026-01-31", "2026-02-28", "open", "None"),
        ("2026-02-28", "2026-03-31", "lost", "2026-02-10"),
        ("2026-03-31", "9999-12-31", "open", "None"),
    ]


def test_a_deal_missing_from_a_snapshot_is_removed_until_it_is_back():
    con = built(
        [row("D1"), row("D2")],
        {
            "2026-01-31": [row("D1"), row("D2")],
            "2026-02-14": [row("D2")],
            "2026-02-28": [row("D2")],
        },
    )

    assert spans(con) == [
        ("2026-01-31", "2026-02-14", "open", "100"),
        ("2026-02-14", "2026-03-31", "removed", "100"),
        ("2026-03-31", "9999-12-31", "open", "100"),
    ]


def test_a_deal_missing_from_changes_is_unchanged():
    con = built(
        [row("D1"), row("D2", amount=7)],
        {"2026-01-31": [row("D1"), row("D2")], "2026-02-28": [row("D2", amount=7)]},
        kind="changes",
    )

    assert spans(con) == [("2026-01-31", "9999-12-31", "open", "100")]
    assert spans(con, "D2")[1] == ("2026-02-28", "9999-12-31", "open", "7")


def test_todays_file_lists_every_deal_even_after_changes():
    con = built([row("D2")], {"2026-01-31": [row("D1"), row("D2")]}, kind="changes")

    assert spans(con)[-1] == ("2026-03-31", "9999-12-31", "removed", "100")


def test_todays_file_is_the_last_word_on_its_own_day():
    con = built([row("D1", amount=5)], {"2026-03-31": [row("D1", amount=6), row("D2")]})

    assert spans(con) == [("2026-03-31", "9999-12-31", "open", "5")]
    assert spans(con, "D2") == []


def test_every_attribute_makes_a_state_of_its_own():
    changes = {
        "amount": 1, "probability": 0.1, "expected_close": date(2026, 7, 1), "stage": "Discovery",
        "owner": "Ben", "segment": "MM", "account": "Oak", "source_channel": "Email",
        "geo": "EMEA", "created_at": date(2025, 12, 2),
    }  # fmt: skip
    for name, value in changes.items():
        con = built([row("D1", **{name: value})], {"2026-01-31": [row("D1")]})
        assert len(spans(con)) == 2, name


def test_what_is_not_known_is_called_unknown():
    con = built([row("D1", amount=None)], {})

    assert spans(con, "D1", "segment", "owner", "channel", "region", "account", "amount") == [
        ("2026-03-31", "9999-12-31", *["unknown"] * 5, "None")
    ]


day_numbers = st.integers(0, 12)
state = st.tuples(st.sampled_from(("open", "won", "lost")), st.integers(1, 3))
lists = st.dictionaries(st.sampled_from(NAMES), state, max_size=3)


@st.composite
def full_histories(draw: st.DrawFn) -> dict[date, dict[str, tuple[str, int]]]:
    """What every deal looked like on some days; deals come, change and never vanish."""
    days = sorted(draw(st.sets(day_numbers, min_size=2, max_size=6)))
    current: dict[str, tuple[str, int]] = {}
    history = {}
    for number in days:
        current = {**current, **draw(lists)}
        history[FIRST + timedelta(days=number)] = current
    return history


def changes_of(
    history: Mapping[date, Mapping[str, tuple[str, int]]],
) -> dict[str, dict[str, tuple[str, int]]]:
    before: Mapping[str, tuple[str, int]] = {}
    found = {}
    for day, deals in history.items():
        found[str(day)] = {deal: s for deal, s in deals.items() if before.get(deal) != s}
        before = deals
    return found


def all_states(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute("from marts.deal_states order by deal_id, valid_from").fetchall()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(full_histories())
def test_whole_snapshots_and_changes_tell_the_same_story(history):
    today, last = max(history), history[max(history)]
    told = {
        kind: all_states(
            built(
                [row(deal, *each) for deal, each in last.items()],
                {day: [row(d, *s) for d, s in deals.items()] for day, deals in said.items()},
                kind,
                str(today),
            )
        )
        for kind, said in (
            ("snapshots", {str(day): deals for day, deals in history.items()}),
            ("changes", changes_of(history)),
        )
    }
    assert told["snapshots"] == told["changes"]


@st.composite
def two_clocks(draw: st.DrawFn) -> list[Said]:
    """Exports and back-fills of several builds, in any order of the days they describe."""
    said = []
    known_as_of = draw(st.integers(0, 3))
    for known_at in range(1, draw(st.integers(1, 5)) + 1):
        said.append(
            Said(FIRST + timedelta(days=known_as_of), known_at,
                 FIRST + timedelta(days=known_as_of), "export", True, draw(lists))
        )  # fmt: skip
        is_snapshot = draw(st.booleans())
        for number in draw(st.sets(st.integers(0, max(known_as_of - 1, 0)), max_size=3)):
            if number < known_as_of:
                said.append(
                    Said(FIRST + timedelta(days=number), known_at,
                         FIRST + timedelta(days=known_as_of), "back-fill", is_snapshot,
                         draw(lists))
                )  # fmt: skip
        known_as_of += draw(st.integers(0, 4))
    return said


@pytest.fixture(scope="module")
def ledger() -> duckdb.DuckDBPyConnection:
    return built([], {}, wanted=(*WANTED, *CHECKS))


def retold(con: duckdb.DuckDBPyConnection, said: Sequence[Said]) -> None:
    """Put what was said into the ledger and run its models again."""
    con.execute("delete from raw.deal_ledger; delete from meta.history; delete from marts.deals")
    for each in said:
        con.execute(
            "insert into meta.history by name select 'deals' as subject, ? as origin, ? as as_of,"
            " ? as known_at, ? as known_as_of, ? as is_snapshot, ? as rows, true as is_heard",
            [each.origin, each.as_of, each.known_at, each.known_as_of, each.is_snapshot,
             len(each.deals)],
        )  # fmt: skip
        for deal, (status, amount) in each.deals.items():
            con.execute(
                "insert into raw.deal_ledger by name select ? as as_of, ? as known_at,"
                " ? as known_as_of, ? as origin, ? as is_snapshot, ? as deal_id, ? as status,"
                " ? as stage, ? as amount, date '2025-12-01' as created_at",
                [each.as_of, each.known_at, each.known_as_of, each.origin, each.is_snapshot,
                 deal, STATUS[status], "Demo", amount],
            )  # fmt: skip
    for name in ("intermediate/ledger_days", "intermediate/deal_statements", "marts/deal_states"):
        model = read_model(SQL / f"{name}.sql")
        con.execute(f"create or replace table {model.name} as {model.statement}")


def told(con: duckdb.DuckDBPyConnection, source: str, days: Sequence[date]) -> dict[date, Any]:
    found = {
        day: con.execute(
            f"select deal_id, status, cast(amount as integer) from {source}"
            " where valid_from <= ? and valid_to > ?",
            [day, day],
        ).fetchall()
        for day in days
    }
    for states in found.values():
        assert len({deal for deal, _, _ in states}) == len(states)
    return {
        day: {deal: (status, amount) for deal, status, amount in states}
        for day, states in found.items()
    }


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=two_clocks())
def test_the_ledger_tells_what_was_said_as_known_on_any_day(ledger, said):
    retold(ledger, said)
    days = every_day(FIRST, max(each.as_of for each in said) + timedelta(days=1))

    assert told(ledger, "marts.deal_states", days) == states_by_day(said, None, days)
    for known_on in {each.known_as_of for each in said} | {FIRST - timedelta(days=1)}:
        macro = f"reports.deal_states_known_on(date '{known_on}')"
        assert told(ledger, macro, days) == states_by_day(said, known_on, days)
    for check in CHECKS:
        if check != "checks.deal_states_end_in_todays_deals":
            assert query(ledger, f"from {check}") == []


def test_changes_learned_later_are_laid_over_what_the_export_listed(ledger):
    later = FIRST + timedelta(days=7)
    said = [
        Said(FIRST, 1, FIRST, "export", True, {"D1": ("open", 1), "D2": ("open", 1)}),
        Said(FIRST, 2, later, "back-fill", False, {"D1": ("open", 2)}),
        Said(later, 2, later, "export", True, {"D1": ("open", 2), "D2": ("open", 1)}),
    ]
    retold(ledger, said)

    assert told(ledger, "marts.deal_states", [FIRST])[FIRST] == {
        "D1": ("open", 2), "D2": ("open", 1),
    }  # fmt: skip
    on_the_day = f"reports.deal_states_known_on(date '{FIRST}')"
    assert told(ledger, on_the_day, [FIRST])[FIRST] == {"D1": ("open", 1), "D2": ("open", 1)}


def test_the_oracle_knows_removal():
    said = [
        Said(FIRST, 1, FIRST, "export", True, {"D1": ("open", 1)}),
        Said(FIRST + timedelta(days=2), 2, FIRST + timedelta(days=2), "export", True, {}),
    ]
    assert states_by_day(said, None, [FIRST + timedelta(days=3)]) == {
        FIRST + timedelta(days=3): {"D1": (REMOVED, 1)}
    }


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        ("update marts.deal_states set valid_to = valid_to - 1 where valid_to < '9999-01-01'",
         "deal_spans_follow_each_other"),
        ("update marts.deal_states set amount = amount + 1", "deal_statements_are_states"),
        ("update marts.deal_states set owner = 'Zoe'", "deal_states_end_in_todays_deals"),
        ("delete from raw.deal_ledger where known_at = 1", "history_is_loaded_whole"),
        ("delete from marts.deal_states where status = 'won'", "ledger_now_is_the_ledger"),
    ],
)  # fmt: skip
def test_the_checks_find_what_breaks_the_ledger(harm, check):
    con = built([row("D1", "won")], {"2026-01-31": [row("D1")]}, wanted=(*WANTED, *CHECKS))
    assert all(query(con, f"from {name}") == [] for name in CHECKS)

    con.execute(harm)

    assert query(con, f"from checks.{check}")
