"""What is asked of a metrics macro, and when: windows and periods by their definitions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from pipeline.policy import Policy

Row = dict[str, Any]
TIME = ("week", "month", "quarter", "year")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Selection:
    """What a macro is asked for; None is no filter."""

    since: date | None = None
    until: date | None = None
    segments: Sequence[str] | None = None
    channels: Sequence[str] | None = None
    regions: Sequence[str] | None = None
    campaigns: Sequence[str] | None = None
    owners: Sequence[str] | None = None
    by: str | None = None

    def holds(self, day: date | None) -> bool:
        """Whether the window holds a day; a day that is not known is only in no bounds at all."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or day >= self.since) and (
            self.until is None or day < self.until
        )


def period(day: date, grain: str, policy: Policy) -> tuple[date, date]:
    """First day of the period that holds `day`, and first day after it."""
    if grain == "week":
        first_weekday = 6 if policy.week_start == "sunday" else 0
        start = day - timedelta(days=(day.weekday() - first_weekday) % 7)
        return start, start + timedelta(days=7)
    length = {"month": 1, "quarter": 3, "year": 12}[grain]
    into_year = (day.month - policy.fiscal_year_start_month) % 12
    first = day.year * 12 + day.month - 1 - into_year % length
    return _month(first), _month(first + length)


def is_partial(
    slice_: str | None, first: date | None, last: date | None, policy: Policy, asked: Selection
) -> bool:
    """Whether a row's window is cut by the question, or reaches beyond the files' days."""
    since, until = asked.since, asked.until
    if asked.by in TIME and slice_ not in (None, UNKNOWN):
        since, until = period(date.fromisoformat(slice_), asked.by, policy)
    starts = [day for day in (asked.since, first) if day is not None]
    ends = [day for day in (asked.until, last and last + timedelta(days=1)) if day is not None]
    return bool(
        (since is not None and starts and since < max(starts))
        or (until is not None and ends and until > min(ends))
        or (asked.since and last and asked.since > last)
        or (asked.until and first and asked.until <= first)
    )


def labelled(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    missing = [pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(missing).with_columns(pl.col(columns).fill_null(UNKNOWN))


def filtered(
    frame: pl.DataFrame,
    segments: Sequence[str] | None,
    channels: Sequence[str] | None,
    regions: Sequence[str] | None,
    campaigns: Sequence[str] | None,
    channel: str = "channel",
) -> pl.DataFrame:
    wanted = {"segment": segments, channel: channels, "geo": regions, "campaign": campaigns}
    for column, members in wanted.items():
        if members is not None:
            frame = frame.filter(pl.col(column).is_in(list(members)))
    return frame


def total(values: Iterable[Any]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) if known else None


def share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
