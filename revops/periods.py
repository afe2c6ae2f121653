"""Windows of time: presets relative to the as-of date, and what to compare them with."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Preset = Literal[
    "last_28_days", "this_quarter", "last_quarter", "year_to_date", "trailing_12_months", "all"
]

PRESETS: dict[Preset, str] = {
    "last_28_days": "Last 28 days",
    "this_quarter": "This quarter",
    "last_quarter": "Last quarter",
    "year_to_date": "Year to date",
    "trailing_12_months": "Trailing 12 months",
    "all": "All",
}
# How far back the period before lies, for windows that may end before their unit does.
UNIT_MONTHS: dict[Preset, int] = {
    "this_quarter": 3,
    "last_quarter": 3,
    "year_to_date": 12,
    "trailing_12_months": 12,
}
PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
PERIODS = ("week", *PERIOD_MONTHS)


@dataclass(frozen=True)
class Window:
    """First day, and first day after; None means no limit."""

    since: date | None
    until: date | None


def preset(name: Preset, as_of: date, fiscal_year_start_month: int = 1) -> Window:
    """A window relative to the as-of date, which is its last day.

    Quarters and years are fiscal. Trailing 12 months are the twelve complete months
    before the day after the as-of date.
    """
    after = as_of + timedelta(days=1)
    quarter = quarter_start(as_of, fiscal_year_start_month)
    if name == "last_28_days":
        return Window(after - timedelta(days=28), after)
    if name == "this_quarter":
        return Window(quarter, after)
    if name == "last_quarter":
        return Window(add_months(quarter, -3), quarter)
    if name == "year_to_date":
        return Window(year_start(as_of, fiscal_year_start_month), after)
    if name == "trailing_12_months":
        end = after.replace(day=1)
        return Window(add_months(end, -12), end)
    return Window(None, None)


def period(kind: str, first: date) -> Window:
    """The week, month, quarter or year that begins on that day.

    Raises ValueError or OverflowError where no calendar holds its end.
    """
    if kind == "week":
        return Window(first, first + timedelta(days=7))
    return Window(first, add_months(first, PERIOD_MONTHS[kind]))


def previous_period(window: Window, name: Preset | None = None) -> Window | None:
    """The same stretch just before: a part quarter is compared with the same part of the last.

    Whole months shift by whole months, anything else by its number of days, so that no
    part period meets a whole one. None when the window has no start or no end, or when no
    calendar reaches that far back.
    """
    if window.since is None or window.until is None:
        return None
    months = UNIT_MONTHS.get(name) if name else None
    if months is None and window.since.day == 1 and window.until.day == 1:
        months = month_number(window.until) - month_number(window.since)
    if months:
        return _shifted(window, months)
    try:
        return Window(window.since - (window.until - window.since), window.since)
    except OverflowError:
        return None


def same_period_last_year(window: Window) -> Window | None:
    """The same dates a year earlier; None when the window has no start or no end."""
    return _shifted(window, 12) if window.since and window.until else None


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day when it is shorter."""
    index = month_number(day) + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_number(day: date) -> int:
    """Months since year 0, so that months subtract."""
    return day.year * 12 + day.month - 1


def year_start(day: date, fiscal_year_start_month: int = 1) -> date:
    """The first day of the fiscal year that holds the day."""
    back = (day.month - fiscal_year_start_month) % 12
    return add_months(day.replace(day=1), -back)


def quarter_start(day: date, fiscal_year_start_month: int = 1) -> date:
    """The first day of the fiscal quarter that holds the day."""
    back = (day.month - fiscal_year_start_month) % 3
    return add_months(day.replace(day=1), -back)


def _shifted(window: Window, months: int) -> Window | None:
    if window.since is None or window.until is None:
        return None
    try:
        since = add_months(window.since, -months)
        last = add_months(window.until - timedelta(days=1), -months)
    except ValueError:
        return None
    if window.until.day == 1:
        return Window(since, add_months(window.until, -months))
    return Window(since, last + timedelta(days=1))
