"""History on disk: what a build appends, what supersedes it, and what is never lost."""

import pytest

from pipeline import publish
from pipeline.build import build
from pipeline.errors import InputError
from pipeline.history import shelf
from pipeline.log import Log
from pipeline.progress import Progress
from tests.support.ledger import Shop

OPEN, WON, LOST = "Open", "Closed_Won", "Closed_Lost"
FIRST = {"D1": (OPEN, 100), "D2": (OPEN, 200), "D3": (OPEN, 300)}
# a week later D1 is won for 90, D2 is gone and D4 is new
SECOND = {"D1": (WON, 90), "D3": (OPEN, 300), "D4": (OPEN, 400)}


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def test_a_build_appends_what_it_read_under_its_own_name(shop):
    load_id = shop.build("2026-03-31", FIRST)

    assert shop.files() == ["1.json", "customers/1.parquet", "deals/1.parquet"]
    assert shop.shelf.record_file(load_id).exists()
    assert shop.facts() == [("2026-03-31", 1)]


def test_the_next_export_adds_a_day_and_deals_have_states(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-04-07", SECOND)

    assert shop.facts() == [("2026-03-31", 1), ("2026-04-07", 2)]
    assert shop.states() == [
        ("D1", "2026-03-31", "open", "100"),
        ("D1", "2026-04-07", "won", "90"),
        ("D2", "2026-03-31", "open", "200"),
        ("D2", "2026-04-07", "removed", "200"),
        ("D3", "2026-03-31", "open", "300"),
        ("D4", "2026-04-07", "open", "400"),
    ]


def test_a_won_deal_carries_its_own_close_date_and_not_that_of_the_export(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-04-07", SECOND)

    [(closed_on,)] = shop.query("select closed_on from marts.deal_states where status = 'won'")
    assert str(closed_on) == "2026-01-20"


def test_the_same_content_again_adds_nothing(shop):
    shop.build("2026-03-31", FIRST)
    before, files = shop.states(), shop.files()

    shop.build("2026-03-31", FIRST, force=True)
    backwards = dict(reversed(FIRST.items()))
    shop.build("2026-03-31", backwards)

    assert shop.files() == files
    assert shop.facts() == [("2026-03-31", 1)]
    assert shop.states() == before


def test_rows_of_today_lead_to_the_lines_of_todays_file(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-03-31", dict(reversed(FIRST.items())))

    assert shop.query("select deal_id, _line from raw.deal_ledger order by _line") == [
        ("D3", 2), ("D2", 3), ("D1", 4),
    ]  # fmt: skip


def test_a_corrected_export_of_the_same_day_supersedes(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-04-07", SECOND)
    shop.build("2026-04-07", {**SECOND, "D1": (WON, 95)})

    assert [state for state in shop.states() if state[0] == "D1"] == [
        ("D1", "2026-03-31", "open", "100"),
        ("D1", "2026-04-07", "won", "95"),
    ]
    assert shop.facts() == [("2026-03-31", 1), ("2026-04-07", 2), ("2026-04-07", 3)]


def test_going_back_to_the_first_version_of_a_day_is_a_correction_too(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-03-31", {**FIRST, "D1": (OPEN, 1)})
    shop.build("2026-03-31", FIRST)

    assert shop.states()[0] == ("D1", "2026-03-31", "open", "100")
    assert shop.facts()[-1] == ("2026-03-31", 3)


def test_a_deal_that_vanishes_and_comes_back_was_removed_in_between(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-04-07", {name: FIRST[name] for name in ("D1", "D3")})
    shop.build("2026-04-14", FIRST)

    assert [state for state in shop.states() if state[0] == "D2"] == [
        ("D2", "2026-03-31", "open", "200"),
        ("D2", "2026-04-07", "removed", "200"),
        ("D2", "2026-04-14", "open", "200"),
    ]


def test_what_was_known_on_a_day_stays_known_after_a_correction(shop):
    shop.build("2026-03-31", FIRST)
    # a week later a back-fill says that D1 was worth 150 all along
    shop.build("2026-04-07", SECOND, {"2026-03-31": {**FIRST, "D1": (OPEN, 150)}})

    assert shop.states()[0] == ("D1", "2026-03-31", "open", "150")
    assert shop.states(known_on="2026-04-06")[0] == ("D1", "2026-03-31", "open", "100")
    assert shop.states(known_on="2026-04-07") == shop.states()
    assert shop.states(known_on="2026-03-30") == []


def test_a_back_fill_that_is_corrected_later_is_known_then_as_it_was(shop):
    shop.build("2026-03-31", FIRST, {"2026-03-24": {"D1": (OPEN, 50)}})
    shop.build("2026-04-07", SECOND, {"2026-03-24": {"D1": (OPEN, 60)}})

    assert shop.states()[0] == ("D1", "2026-03-24", "open", "60")
    assert shop.states(known_on="2026-03-31")[0] == ("D1", "2026-03-24", "open", "50")


def test_a_back_fill_is_kept_when_its_file_is_gone(shop):
    history = {"2026-03-24": {"D1": (OPEN, 50)}}
    shop.build("2026-03-31", FIRST, history)
    shop.build("2026-04-07", SECOND)

    assert shop.states()[0] == ("D1", "2026-03-24", "open", "50")


def test_a_day_that_a_corrected_back_fill_no_longer_names_is_taken_back(shop):
    days = {day: {"D1": (OPEN, amount)} for day, amount in
            (("2026-03-03", 10), ("2026-03-10", 20), ("2026-03-17", 30))}  # fmt: skip
    shop.build("2026-03-31", FIRST, days, kind="changes")
    del days["2026-03-10"]
    shop.build("2026-03-31", FIRST, days, kind="changes")

    assert [state[1:] for state in shop.states() if state[0] == "D1"] == [
        ("2026-03-03", "open", "10"),
        ("2026-03-17", "open", "30"),
        ("2026-03-31", "open", "100"),
    ]


def test_an_earlier_as_of_date_knows_nothing_of_later_days(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-04-07", SECOND)
    shop.build("2026-03-31", FIRST)

    assert shop.states() == [(name, "2026-03-31", "open", str(FIRST[name][1])) for name in FIRST]
    shop.build("2026-04-07", SECOND)
    assert ("D1", "2026-04-07", "won", "90") in shop.states()


def test_nothing_has_changed_is_said_as_before(shop, capsys):
    first = shop.build("2026-03-31", FIRST)
    capsys.readouterr()

    assert shop.build("2026-03-31", FIRST) == first
    assert '"event": "unchanged"' in capsys.readouterr().out


def test_history_that_has_changed_is_a_reason_to_build_again(shop):
    shop.build("2026-03-31", FIRST)
    second = shop.build("2026-04-07", SECOND)
    shelf.archive(shop.folder.root, "default")

    assert shop.build("2026-04-07", SECOND) != second
    assert shop.facts() == [("2026-04-07", 1)]


@pytest.mark.slow
def test_equal_histories_have_equal_digests(tmp_path):
    digests = []
    for name in ("here", "there"):
        shop = Shop(tmp_path / name)
        shop.root.mkdir()
        shop.build("2026-03-31", FIRST)
        shop.build("2026-04-07", SECOND)
        digests += shop.query("select inputs_digest from meta.build")
    assert digests[0] == digests[1]


def test_customers_are_kept_as_well(shop):
    shop.build("2026-03-31", FIRST)
    shop.build("2026-04-07", FIRST)

    assert shop.query(
        "select cast(as_of as varchar) as day, known_at, count(*), cast(sum(mrr) as integer)"
        " from raw.customer_ledger group by all order by day"
    ) == [("2026-03-31", 1, 3, 400), ("2026-04-07", 2, 3, 400)]


@pytest.mark.slow
def test_builds_that_are_let_go_leave_their_history(shop):
    for number in range(1, publish.KEPT_BUILDS + 3):
        shop.build("2026-03-31", {**FIRST, "D1": (OPEN, number)})

    assert len(shop.folder.load_ids()) == publish.KEPT_BUILDS
    assert len(shop.shelf.records()) == publish.KEPT_BUILDS + 2


def test_a_failed_build_leaves_no_fact_behind(shop):
    shop.build("2026-03-31", FIRST)
    files = shop.files()
    check = shop.root / "sql" / "checks" / "amounts.sql"
    check.parent.mkdir()
    check.write_text(
        '-- description = "No deal is worth 666."\n-- class = "error"\n'
        '-- tested = "marts.deal_states"\n-- remedy = "Mend it."\n\n'
        "select states.deal_id from marts.deal_states as states where states.amount = 666\n"
    )

    with pytest.raises(Exception, match="1 of 1 checks failed"):
        shop.build("2026-04-07", {**FIRST, "D1": (OPEN, 666)})

    assert shop.files() == files
    shop.build("2026-04-14", FIRST)
    assert shop.facts() == [("2026-03-31", 1), ("2026-04-14", 2)]


@pytest.mark.slow
def test_strangers_are_refused_and_the_remedy_works(shop):
    shop.build("2026-03-31", FIRST)
    strangers = {f"X{number}": (OPEN, 1) for number in range(50)} | {"D1": (OPEN, 100)}

    with pytest.raises(InputError, match="Only 1 of 3 deals recur") as caught:
        shop.build("2026-04-07", strangers)

    assert "--new-book NAME" in caught.value.remedy
    assert shop.facts() == [("2026-03-31", 1)]
    shop.build("2026-04-07", strangers, new_book="real")
    assert shop.facts() == [("2026-04-07", 1)]
    assert shop.query("select book from meta.build") == [("real",)]
    shop.build("2026-04-07", SECOND)
    assert shop.facts() == [("2026-03-31", 1), ("2026-04-07", 2)]


def test_half_of_the_deals_are_enough(shop):
    shop.build("2026-03-31", {**FIRST, "D4": (OPEN, 1)})

    shop.build("2026-04-07", {"D1": (OPEN, 1), "D4": (OPEN, 1), "X": (OPEN, 1)})


def test_strangers_are_refused_before_the_days_that_are_known_as_well(shop):
    shop.build("2026-03-31", FIRST)

    with pytest.raises(InputError, match="recur"):
        shop.build("2026-03-24", {"X1": (OPEN, 1), "X2": (OPEN, 1), "D1": (OPEN, 1)})
    shop.build("2026-03-24", {"X1": (OPEN, 1), "D1": (OPEN, 1)})


def test_snapshots_after_a_given_as_of_date_are_withheld_and_counted(shop):
    history = {"2026-03-24": {"D1": (OPEN, 50)}, "2026-04-07": {"D1": (OPEN, 70)}}
    shop.build("2026-03-31", FIRST, history, kind="changes")

    assert [state[1:] for state in shop.states() if state[0] == "D1"] == [
        ("2026-03-24", "open", "50"), ("2026-03-31", "open", "100"),
    ]  # fmt: skip
    assert shop.query("select line, rule, value from quarantine.rows") == [
        (3, "snapshot_after_as_of", "2026-04-07")
    ]
    assert shop.query(
        "select rows_read, rows_loaded, rows_quarantined, cast(amount_withheld as integer),"
        " cast(amount_loaded as integer) from meta.loads where dataset = 'deal_history'"
    ) == [(2, 1, 1, 70, 50)]
    with pytest.raises(InputError, match="after the as-of date 2026-03-31"):
        build(shop.options("2026-03-31", strict=True), Log("json"), Progress(enabled=False))
