"""The ledger of deals: at each snapshot the deals that are new or changed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from revops.data_generation.days import day_number, from_number
from revops.data_generation.deal_states import DealStates
from revops.data_generation.world import World

WEEKLY_SNAPSHOTS = 13


def snapshot_days(world: World) -> list[int]:
    """The month ends, the last 13 weeks, and the as-of date."""
    today = day_number(world.as_of)
    month_ends = {day_number(start) - 1 for start in world.month_starts[1:]}
    weeks = {today - 7 * week for week in range(WEEKLY_SNAPSHOTS)}
    return sorted(month_ends | weeks)


def draw_history(world: World, states: DealStates) -> Iterator[pl.DataFrame]:
    """One frame per snapshot: what changed since the one before, and at the end everything.

    A deal without a row at a snapshot is as its latest row says. The last
    snapshot, at the as-of date, lists every deal and equals today's export.
    """
    days = snapshot_days(world)
    shown: tuple[np.ndarray, ...] | None = None
    for day in days:
        steps = states.steps(day)
        exists = steps[0] >= 0
        if shown is None or day == days[-1]:
            changed = exists
        else:
            pairs = zip(steps, shown, strict=True)
            changed = exists & np.any([now != before for now, before in pairs], axis=0)
        shown = steps
        frame = states.frame(day, np.flatnonzero(changed))
        yield frame.select(pl.lit(from_number(day)).alias("snapshot_date"), pl.all())
