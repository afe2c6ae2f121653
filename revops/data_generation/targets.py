"""What the company planned: quarterly bookings and monthly MRR, total and by segment."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from revops.data_generation.days import day_number, month_start, quarter_start
from revops.data_generation.deals import MEDIAN_MRR
from revops.data_generation.outcomes import WIN_RATE
from revops.data_generation.world import MONTHS, SEGMENTS, USUAL_SEGMENT_SHARE, World

MONTHS_AHEAD = 5
AMBITION = 1.04
YEARLY_NET_RETENTION = np.array([0.93, 1.02, 1.08])


def targets_frame(world: World) -> pl.DataFrame:
    """One row per metric, period and slice; the plan reaches into the next quarter."""
    months = [month_start(world.first_day, index) for index in range(MONTHS + MONTHS_AHEAD)]
    new_mrr = np.array([_planned_new_mrr(world, month) for month in months])
    rows = _mrr_rows(months, new_mrr) + _booking_rows(months, new_mrr)
    return pl.DataFrame(
        rows,
        schema={
            "metric": pl.String,
            "period_start": pl.Date,
            "period_end": pl.Date,
            "segment": pl.String,
            "owner": pl.String,
            "value": pl.Int64,
        },
        orient="row",
    )


def _planned_new_mrr(world: World, month: date) -> np.ndarray:
    """Expected new MRR of a month by segment, with a ramp in the first half year."""
    days = np.arange(day_number(month), day_number(month_start(month, 1)))
    age = (month.year - world.first_day.year) * 12 + month.month - world.first_day.month
    ramp = 1 - np.exp(-(age + 0.7) / np.array([1.4, 2.6, 4.2]))
    wins = world.demand(days).sum() * USUAL_SEGMENT_SHARE * WIN_RATE
    return wins * MEDIAN_MRR * ramp * AMBITION


def _mrr_rows(months: list[date], new_mrr: np.ndarray) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    level = np.zeros(len(SEGMENTS))
    for month, new in zip(months, new_mrr, strict=True):
        level = level * YEARLY_NET_RETENTION ** (1 / 12) + new
        rows += _slices("mrr", month, month_start(month, 1), level)
    return rows


def _booking_rows(months: list[date], new_mrr: np.ndarray) -> list[tuple[object, ...]]:
    quarters: dict[date, np.ndarray] = {}
    for month, new in zip(months, new_mrr, strict=True):
        quarter = quarter_start(month)
        quarters[quarter] = quarters.get(quarter, np.zeros(len(SEGMENTS))) + new * 12
    whole = [quarter for quarter in quarters if month_start(quarter, 2) <= months[-1]]
    rows: list[tuple[object, ...]] = []
    for quarter in whole:
        rows += _slices("won_amount", quarter, month_start(quarter, 3), quarters[quarter])
    return rows


def _slices(metric: str, start: date, end: date, values: np.ndarray) -> list[tuple[object, ...]]:
    """The total and the segments it is the sum of, in round thousands."""
    rounded = [int(round(value, -3)) for value in values]
    total = (metric, start, end, None, None, sum(rounded))
    parts = zip(SEGMENTS, rounded, strict=True)
    return [total, *((metric, start, end, segment, None, value) for segment, value in parts)]
