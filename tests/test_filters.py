"""Filters bind, read as a sentence, and travel in a link that may say anything."""

from datetime import date, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from revops import Filters, periods
from revops.errors import FilterError
from revops.filters import MEMBER_FIELDS
from revops.periods import Window

QUARTER = Filters(since=date(2026, 1, 1), until=date(2026, 4, 1))


def test_a_filter_binds_only_what_it_limits() -> None:
    kept = Filters(since="2026-01-01", segments=["SMB", "MM", "SMB"], channels="LinkedIn")
    assert kept.params() == {
        "since": date(2026, 1, 1),
        "segments": ["MM", "SMB"],
        "channels": ["LinkedIn"],
    }
    assert Filters().params() == {}


def test_the_order_of_members_makes_no_difference() -> None:
    assert Filters(segments=["MM", "SMB"]) == Filters(segments=("SMB", "MM"))


def test_no_member_at_all_means_all_of_them() -> None:
    assert Filters(segments=[]) == Filters()


def test_a_moment_is_taken_as_its_day() -> None:
    assert Filters(since=datetime(2026, 1, 1, 13)).since == date(2026, 1, 1)


@pytest.mark.parametrize("until", ["2026-01-01", "2025-12-31"])
def test_a_window_that_ends_before_it_starts_is_refused(until: str) -> None:
    with pytest.raises(FilterError, match="ends before it starts"):
        Filters(since="2026-01-01", until=until)


def test_a_date_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(FilterError) as told:
        Filters(since="next week")
    assert told.value.where == "since"


def test_a_filter_reads_as_a_sentence_with_inclusive_dates() -> None:
    kept = Filters(QUARTER.since, QUARTER.until, segments=["SMB"], channels=["LinkedIn"])
    assert kept.describe() == "SMB, LinkedIn, Jan–Mar 2026"
    assert Filters().describe() == "All data"


def test_a_link_carries_inclusive_dates() -> None:
    assert QUARTER.to_query() == "from=2026-01-01&to=2026-03-31"


names = some.text(min_size=1, max_size=30).filter(lambda name: not _is_surrogate(name))
members = some.none() | some.lists(names, min_size=1, max_size=4).map(tuple)


def _is_surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


@given(
    some.fixed_dictionaries(dict.fromkeys(MEMBER_FIELDS, members)),
    some.dates(date(2000, 1, 1), date(2060, 1, 1)),
    some.integers(1, 4000),
)
def test_every_filter_survives_the_link(kept: dict, since: date, days: int) -> None:
    filters = Filters(since, date.fromordinal(since.toordinal() + days), **kept)
    assert Filters.from_query("?" + filters.to_query()) == (filters, ())


@given(some.text(max_size=200))
def test_no_link_crashes(link: str) -> None:
    Filters.from_query(link)


@given(some.dictionaries(some.sampled_from(["from", "to", *MEMBER_FIELDS]), some.text()))
def test_hostile_values_stay_data(values: dict[str, str]) -> None:
    filters, _ = Filters.from_query(urlencode(values))
    assert set(filters.params()) <= {"since", "until", *MEMBER_FIELDS}


def test_what_a_link_gets_wrong_is_said() -> None:
    filters, problems = Filters.from_query(
        "from=2026-13-01&to=soon&segments=SMB&segments=XXL&tab=pipeline",
        known={"segments": ["SMB", "MM"]},
    )
    assert filters == Filters(segments=("SMB", "XXL"))
    assert problems == (
        "'2026-13-01' is not a date; from is not limited.",
        "'soon' is not a date; to is not limited.",
        "There is no segment called 'XXL'.",
    )


def test_a_window_the_wrong_way_round_in_a_link_is_said() -> None:
    filters, problems = Filters.from_query("from=2026-02-01&to=2026-01-01")
    assert filters == Filters()
    assert len(problems) == 1


def test_a_flood_of_names_is_refused_in_words() -> None:
    filters, problems = Filters.from_query(urlencode([("segments", str(n)) for n in range(5000)]))
    assert filters == Filters()
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("last_28_days", date(2026, 10, 22), date(2026, 11, 19)),
        ("this_quarter", date(2026, 10, 1), date(2026, 11, 19)),
        ("last_quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("year_to_date", date(2026, 1, 1), date(2026, 11, 19)),
        ("trailing_12_months", date(2025, 11, 1), date(2026, 11, 1)),
        ("all", None, None),
    ],
)
def test_presets_end_with_the_as_of_date(name: str, since: date, until: date) -> None:
    assert periods.preset(name, date(2026, 11, 18)) == Window(since, until)


def test_a_month_that_is_complete_belongs_to_the_trailing_twelve() -> None:
    assert periods.preset("trailing_12_months", date(2026, 10, 31)) == Window(
        date(2025, 11, 1), date(2026, 11, 1)
    )


def test_quarters_and_years_follow_the_fiscal_year() -> None:
    # The fiscal year starts in February: its quarters start in February, May, August, November.
    assert periods.preset("this_quarter", date(2026, 1, 15), 2).since == date(2025, 11, 1)
    assert periods.preset("year_to_date", date(2026, 1, 15), 2).since == date(2025, 2, 1)


@pytest.mark.parametrize(
    ("window", "name", "before"),
    [
        # whole months shift by whole months, whatever their days
        (("2026-03-01", "2026-04-01"), None, ("2026-02-01", "2026-03-01")),
        (("2026-04-01", "2026-07-01"), None, ("2026-01-01", "2026-04-01")),
        # 28 days by 28 days
        (("2026-10-22", "2026-11-19"), "last_28_days", ("2026-09-24", "2026-10-22")),
        # the 49 days of a quarter so far with the same part of the quarter before
        (("2026-10-01", "2026-11-19"), "this_quarter", ("2026-07-01", "2026-08-19")),
        (("2026-01-01", "2026-11-19"), "year_to_date", ("2025-01-01", "2025-11-19")),
    ],
)
def test_the_period_before_never_compares_a_part_with_a_whole(
    window: tuple[str, str], name: str | None, before: tuple[str, str]
) -> None:
    found = periods.previous_period(_window(window), name)
    assert found == _window(before)


def test_the_same_period_last_year_minds_leap_days() -> None:
    assert periods.same_period_last_year(_window(("2024-02-01", "2024-03-01"))) == _window(
        ("2023-02-01", "2023-03-01")
    )
    assert periods.same_period_last_year(_window(("2024-02-10", "2024-02-29"))) == _window(
        ("2023-02-10", "2023-03-01")
    )


def test_an_open_window_has_nothing_before_it() -> None:
    assert periods.previous_period(Window(None, date(2026, 1, 1))) is None
    assert periods.same_period_last_year(Window(date(2026, 1, 1), None)) is None


def _window(days: tuple[str, str]) -> Window:
    return Window(date.fromisoformat(days[0]), date.fromisoformat(days[1]))
