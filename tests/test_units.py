"""Numbers and dates read as people write them, with no surprise from rounding."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from revops import units


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "$0"),
        (0.004, "$0.00"),
        (85.321, "$85.32"),
        (99.994, "$99.99"),
        (99.995, "$100"),
        (999.49, "$999"),
        (999.5, "$1.0K"),
        (1_234, "$1.2K"),
        (999_949, "$999.9K"),
        (999_950, "$1.0M"),
        (Decimal("1250000.000000"), "$1.3M"),
        (999_950_000, "$1.0B"),
        (-1_234, "−$1.2K"),
        (-0.001, "$0.00"),
        (None, "—"),
        (float("nan"), "—"),
        (float("inf"), "—"),
    ],
)
def test_money_is_scaled_by_what_is_shown(value: float | None, text: str) -> None:
    assert units.format(value, "money") == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.2434, "ratio", "24.3%"),
        (2.5, "ratio", "250.0%"),
        (-0.0004, "ratio", "0.0%"),
        (-0.12, "ratio", "−12.0%"),
        (0.0312, "points", "+3.1 points"),
        (-0.0312, "points", "−3.1 points"),
        (0.0001, "points", "0.0 points"),
        (0.302, "growth", "+30.2%"),
        (-0.302, "growth", "−30.2%"),
        (1_234, "count", "1,234"),
        (99_999, "count", "99,999"),
        (1_250_000, "count", "1.3M"),
        (44.46, "days", "44.5 days"),
        (1, "days", "1 day"),
        (45, "days", "45 days"),
        (1, "months", "1 month"),
        (14.26, "months", "14.3 months"),
        (3.24, "multiple", "3.2×"),
        (1_234, "money_per_day", "$1.2K/day"),
        (None, "ratio", "—"),
        (7, None, "7"),
    ],
)
def test_each_unit_has_its_own_shape(value: float | None, unit: str | None, text: str) -> None:
    assert units.format(value, unit) == text


def test_currency_comes_from_the_warehouse() -> None:
    assert units.format(1_200, "money", "EUR") == "€1.2K"
    assert units.format(1_200, "money", "CHF") == "CHF 1.2K"


def test_the_exact_value_shortens_nothing() -> None:
    assert units.exact(999_950, "money") == "$999,950.00"
    assert units.exact(0.243125, "ratio") == "24.3125%"
    assert units.exact(-0.0312, "points") == "−3.1200 points"
    assert units.exact(0.302, "growth") == "+30.2000%"
    assert units.exact(1_234_567, "count") == "1,234,567"
    assert units.exact(None, "money") == "—"


@pytest.mark.parametrize(
    ("now", "then", "unit", "better", "text", "is_good"),
    [
        (0.267, 0.243, "ratio", "higher", "+2.4 points", True),
        (0.20, 0.243, "ratio", "higher", "−4.3 points", False),
        (90, 100, "money", "lower", "−10.0%", True),
        (110, 100, "count", None, "+10.0%", None),
        (100, 100, "count", "higher", "no change", None),
        (100, 0, "count", "higher", "—", None),
        (None, 100, "count", "higher", "—", None),
        (-50, -100, "money", "higher", "+50.0%", True),
    ],
)
def test_a_change_is_signed_and_judged(
    now: float | None, then: float, unit: str, better: str | None, text: str, is_good: bool | None
) -> None:
    moved = units.change(now, then, unit, better)
    assert (moved.text, moved.is_good) == (text, is_good)


def test_dates_read_as_words() -> None:
    assert units.day(date(2026, 10, 31)) == "31 Oct 2026"
    assert units.moment(datetime(2026, 10, 31, 14, 5)) == "31 Oct 2026, 14:05"
    assert units.day(None) == "—"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), "Jan–Mar 2026"),
        (date(2026, 2, 1), date(2026, 2, 28), "Feb 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2025, 11, 1), date(2026, 1, 31), "Nov 2025–Jan 2026"),
        (date(2026, 3, 3), date(2026, 3, 17), "3–17 Mar 2026"),
        (date(2026, 3, 3), date(2026, 4, 2), "3 Mar–2 Apr 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 Dec 2025–2 Jan 2026"),
        (date(2026, 3, 3), date(2026, 3, 3), "3 Mar 2026"),
        (None, date(2026, 3, 31), "until 31 Mar 2026"),
        (date(2026, 3, 1), None, "from 1 Mar 2026"),
        (None, None, "all dates"),
    ],
)
def test_a_window_is_said_with_inclusive_dates(
    first: date | None, last: date | None, text: str
) -> None:
    assert units.window(first, last) == text


@given(some.decimals(min_value=-(10**14), max_value=10**14, places=6))
def test_money_never_shows_a_thousand_of_a_smaller_unit(value: Decimal) -> None:
    text = units.format(value, "money")
    digits = "".join(letter for letter in text if letter in "0123456789.")
    assert float(digits) < 1000
