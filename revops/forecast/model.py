"""What a forecast is: a range, its trials on the past, and what it is compared with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Literal

from revops.insights.intervals import wilson
from revops.insights.model import Interval

Subject = Literal["bookings", "mrr"]
EXPECTED_INSIDE = 0.8
# Below these, how often a range held says next to nothing.
LEAST_TRIALS = 4


@dataclass(frozen=True)
class Range:
    """One outcome in ten is expected below `p10`, half below `p50`, nine in ten below `p90`."""

    p10: float
    p50: float
    p90: float

    def holds(self, value: float) -> bool:
        """Whether a value lies between P10 and P90."""
        return self.p10 <= value <= self.p90


@dataclass(frozen=True)
class Trial:
    """A forecast of a past quarter, made from what was known at `origin`, and what came.

    `last_quarter` and `year_before` are what simple forecasts would have said.
    """

    origin: date
    last_day: date
    forecast: Range
    actual: float
    last_quarter: float | None
    year_before: float | None

    @property
    def is_inside(self) -> bool:
        """Whether the actual value lay between P10 and P90."""
        return self.forecast.holds(self.actual)


@dataclass(frozen=True)
class Forecast:
    """The three months from `since` to `last_day`; or, with a `refusal`, why there is no forecast.

    `trials` run the same method over past quarters, oldest first; they overlap, since one
    starts at each month end. `last_quarter` and `year_before` are the simple forecasts of the
    same months. `sources` are the reports it rests on, as statements for DuckDB.
    """

    subject: Subject
    label: str
    since: date | None = None
    last_day: date | None = None
    forecast: Range | None = None
    refusal: str = ""
    trials: tuple[Trial, ...] = ()
    last_quarter: float | None = None
    year_before: float | None = None
    cases: int = 0
    learnt_from: int = 0
    method: str = ""
    sources: tuple[str, ...] = ()

    @property
    def inside(self) -> int:
        """Trials whose actual value lay between P10 and P90."""
        return sum(trial.is_inside for trial in self.trials)

    @property
    def coverage(self) -> float | None:
        """Share of trials inside P10–P90; 80 % is what the range promises."""
        if len(self.trials) < LEAST_TRIALS:
            return None
        return self.inside / len(self.trials)

    @property
    def coverage_interval(self) -> Interval | None:
        """Wilson's interval of the coverage; too narrow, because the quarters overlap."""
        return wilson(self.inside, len(self.trials)) if self.coverage is not None else None

    @property
    def error(self) -> float | None:
        """Mean absolute error of P50, relative to the actual value."""
        return self._error(lambda trial: trial.forecast.p50)

    @property
    def last_quarter_error(self) -> float | None:
        """The same of "as last quarter", over the trials that both could make."""
        return self._error(lambda trial: trial.last_quarter)

    @property
    def year_before_error(self) -> float | None:
        """The same of "as a year before", over the trials that both could make."""
        return self._error(lambda trial: trial.year_before)

    @property
    def is_beaten(self) -> bool | None:
        """Whether a simple forecast came closer on the trials; None when that is not known."""
        simple = [one for one in (self.last_quarter_error, self.year_before_error) if one]
        return None if self.error is None or not simple else min(simple) < self.error

    def _error(self, guessed: Callable[[Trial], float | None]) -> float | None:
        return _mean_error(
            [
                (guess, trial.actual)
                for trial in self.trials
                if (guess := guessed(trial)) is not None
                and trial.actual
                and None not in (trial.last_quarter, trial.year_before)
            ]
        )


def _mean_error(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < LEAST_TRIALS:
        return None
    return fmean(abs(guess - actual) / abs(actual) for guess, actual in pairs)
