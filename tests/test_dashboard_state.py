"""What the page looks at, and the address that says it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.brands import BRANDS
from dashboard.places import COMPARISONS, PLACES, SHELVES, TABS
from dashboard.state import State
from revops import Filters, what_if
from revops.what_if import shorthand

AS_OF = date(2026, 10, 31)
OPTIONS = {
    "segments": ("SMB", "MM", "ENT"),
    "channels": ("Google Ads", "R&D, events"),
    "regions": ("EMEA",),
    "plans": ("Pro",),
}


def state() -> State:
    return State(AS_OF, OPTIONS)


def view(one: State) -> tuple[object, ...]:
    return one.filters, one.compare, one.brand_key, *(getattr(one, name) for name in PLACES)


def test_the_first_view_is_the_last_twelve_months_against_the_twelve_before() -> None:
    first = state()
    assert first.preset == "trailing_12_months"
    assert (first.filters.since, first.filters.last_day) == (date(2025, 11, 1), AS_OF)
    before = first.compared_filters()
    assert before is not None
    assert (before.since, before.last_day) == (date(2024, 11, 1), date(2025, 10, 31))


def test_an_address_shows_the_same_page_again() -> None:
    one = state()
    one.param.update(
        filters=Filters("2026-01-01", "2026-04-01", ("SMB",), ("R&D, events",), plans=("Pro",)),
        compare="last_year",
        brand_key="luma-skyline",
        tab="data",
        shelf="checks",
        proof="pipeline.win_rate",
        scope="from=2026-01-01&segments=R%26D",
        category="pipeline",
        severity="high",
        cohorts="logos",
        tables=["Spend by channel", "R&D, events"],
    )
    other = state()
    other.apply_query(one.to_query())
    assert view(other) == view(one)
    assert other.problems == []


@given(
    since=st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    days=st.integers(1, 1000),
    percent=st.integers(-90, 400),
    segments=st.sets(st.sampled_from(OPTIONS["segments"])),
    channels=st.sets(st.sampled_from(OPTIONS["channels"])),
    compare=st.sampled_from(list(COMPARISONS)),
    brand=st.sampled_from([brand.key for brand in BRANDS]),
    tab=st.sampled_from(list(TABS)),
    shelf=st.sampled_from(list(SHELVES)),
    bounded=st.booleans(),
)
def test_every_view_survives_its_address(
    since: date,
    days: int,
    percent: int,
    segments: set[str],
    channels: set[str],
    compare: str,
    brand: str,
    tab: str,
    shelf: str,
    bounded: bool,
) -> None:
    until = date.fromordinal(since.toordinal() + days)
    window = (since, until) if bounded else (None, None)
    one = state()
    one.param.update(
        filters=Filters(*window, tuple(segments), tuple(channels)),
        compare=compare,
        brand_key=brand,
        tab=tab,
        shelf=shelf,
        what_if=shorthand.written(what_if.Scenario().with_percent("win_rate", percent)),
    )
    other = state()
    other.apply_query(one.to_query())
    assert view(other) == view(one)


def test_unknown_values_are_reported_and_the_defaults_shown() -> None:
    one = state()
    one.apply_query(
        "?brand=<script>alert(1)</script>&tab=finance&compare=x&period=yesterday&what_if=tax:1"
    )
    assert view(one)[1:5] == ("previous", "midnight-aurora", "marketing", "files")
    assert one.preset == "trailing_12_months"
    assert len(one.problems) == 5
    assert any("<script>" in problem for problem in one.problems)


def test_an_unknown_member_is_kept_so_that_nothing_is_shown_rather_than_everything() -> None:
    one = state()
    one.apply_query("?segments=Galactic")
    assert one.filters.segments == ("Galactic",)
    assert one.problems


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?%00",
        "?from=2026-13-45",
        "?from=9999-12-31&to=0001-01-01",
        "?from=0001-01-01&to=0001-01-01",
        "?from=0001-01-01&to=0001-02-01",
        "?from=9999-12-30&to=9999-12-31",
        "?" + "a=1&" * 5000,
    ],
)
@pytest.mark.parametrize("compare", ["previous", "last_year"])
def test_no_address_is_fatal(query: str, compare: str) -> None:
    one = state()
    one.apply_query(f"{query}&compare={compare}")
    assert one.to_query().startswith("?")
    assert one.describe_comparison() is not None


def test_a_part_quarter_is_compared_with_the_same_part_of_the_quarter_before() -> None:
    one = State(date(2026, 8, 10), OPTIONS)
    window = one.preset_window("this_quarter")
    one.filters = one.filters.with_window(window.since, window.until)
    before = one.compared_filters()
    assert before is not None
    # 1 July to 10 August are 41 days into the quarter; so are 1 April to 10 May in months and days
    assert (before.since, before.last_day) == (date(2026, 4, 1), date(2026, 5, 10))


def test_all_time_has_nothing_to_be_compared_with() -> None:
    one = state()
    one.apply_query("?period=all")
    assert one.compared_filters() is None
    assert one.describe_comparison() == ""


def test_clearing_returns_to_the_first_view_and_keeps_brand_and_tab() -> None:
    one = state()
    one.apply_query("?segments=SMB&period=all&brand=neon-pulse&tab=revenue&compare=none")
    one.clear()
    assert view(one)[:5] == (state().filters, "previous", "neon-pulse", "revenue", "files")


def test_the_view_in_words() -> None:
    one = state()
    one.apply_query("?segments=SMB&channels=Google+Ads&from=2026-07-01&to=2026-09-30")
    assert one.describe() == "SMB · Google Ads · Jul–Sep 2026"
    assert one.describe_comparison() == "vs Apr–Jun 2026"


@pytest.mark.parametrize(
    "line", ["win_rate", "win_rate:x", "win_rate:nan", "win_rate:1e9", "tax:10", "name:5"]
)
def test_levers_that_cannot_be_meant_move_nothing_and_are_said(line: str) -> None:
    one = state()
    one.apply_query(f"?what_if={line}")
    assert one.what_if == ""
    assert "No lever is moved." in one.problems[0]


def test_levers_stand_in_the_address_as_a_person_would_write_them() -> None:
    one = state()
    one.apply_query("?what_if=win_rate:+10,churn:-5,leads_per_spend:60".replace("+", "%2B"))
    assert one.what_if == "win_rate:+10,churn:-5,leads_per_spend:60"
