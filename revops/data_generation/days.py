"""Dates as whole days since 1970-01-01, and months.

A column of dates is then a plain integer array.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

EPOCH = date(1970, 1, 1)
NEVER = 10**7


def day_number(day: date) -> int:
    """A date as days since 1970-01-01."""
    return (day - EPOCH).days


def from_number(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(number))


def month_start(day: date, months: int = 0) -> date:
    """The first day of the month `months` after the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def quarter_start(day: date, quarters: int = 0) -> date:
    """The first day of the calendar quarter `quarters` after the quarter of `day`."""
    return month_start(day, quarters * 3 - (day.month - 1) % 3)


def weekday(days: np.ndarray) -> np.ndarray:
    """Monday = 0 … Sunday = 6, for day numbers."""
    return (days + 3) % 7
