"""When a deal was due, and how often that was pushed to the next quarter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revops.data_generation.days import NEVER, day_number
from revops.data_generation.world import OWNERS, World

USUAL_PUSH_CHANCE = 0.235
# Deals closed early in a period and pushes made before it began take some slips out of
# the cohort: the odds of a push are this much above the odds of a slip that is counted.
PUSH_ODDS_PER_SLIP_ODDS = 1.55
MOST_PUSHES = 6
STALE_SHARE = 0.02


@dataclass(frozen=True)
class DueDates:
    """The due dates a deal had: (deals, 7) days and the day from which each was in force.

    The first column is in force from creation; a push that never happened is in
    force from NEVER.
    """

    day: np.ndarray
    since: np.ndarray

    def first(self) -> np.ndarray:
        """The due date the deal started with."""
        return self.day[:, 0]

    def take(self, rows: np.ndarray) -> DueDates:
        """The same for a selection of deals."""
        return DueDates(self.day[rows], self.since[rows])


def draw_due_dates(
    world: World,
    closed_on: np.ndarray,
    is_won: np.ndarray,
    owner: np.ndarray,
    chance: np.random.Generator,
) -> DueDates:
    """Walk back from the close: each earlier due date was missed with the owner's chance.

    A push moves a deal by about a quarter. A few lost deals were forgotten in the CRM
    and lie months past their due date until somebody cleaned up.
    """
    count = len(closed_on)
    margin = np.where(is_won, chance.integers(-3, 12, count), chance.integers(0, 15, count))
    stale = ~is_won & (chance.random(count) < STALE_SHARE)
    due = closed_on + margin - stale * chance.integers(60, 160, count)
    days, pushed_on = [due.astype(np.int32)], []
    still = np.ones(count, dtype=bool)
    for _ in range(MOST_PUSHES):
        earlier = days[-1] - chance.integers(86, 106, count).astype(np.int32)
        still = still & (_luck(count, chance) < _push_chance(world, owner, earlier))
        pushed = earlier - chance.integers(0, 7, count).astype(np.int32)
        pushed_on.append(np.where(still, pushed, np.int32(NEVER)))
        days.append(np.where(still, earlier, days[-1]))
    return _oldest_first(days, pushed_on)


def _push_chance(world: World, owner: np.ndarray, due: np.ndarray) -> np.ndarray:
    story = world.stories.slippage
    chance = np.full(len(owner), USUAL_PUSH_CHANCE)
    if story is not None:
        odds = PUSH_ODDS_PER_SLIP_ODDS * story.share / (1 - story.share)
        during = (due >= day_number(story.start)) & (due < day_number(story.end))
        chance[during & (owner == OWNERS.index(story.owner))] = odds / (1 + odds)
    return chance


def _luck(count: int, chance: np.random.Generator) -> np.ndarray:
    """Uniform draws spread evenly over neighbours, so that shares vary little."""
    block = 8
    blocks = -(-count // block)
    places = np.argsort(chance.random((blocks, block)), axis=1).ravel()[:count]
    return (places + chance.random(count)) / block


def _oldest_first(days: list[np.ndarray], pushed_on: list[np.ndarray]) -> DueDates:
    """Turn a walk back in time into columns from the first due date to the last."""
    day = np.column_stack(days)
    moves = np.column_stack(pushed_on)
    pushes = (moves < NEVER).sum(axis=1)
    columns = np.arange(MOST_PUSHES + 1)
    order = np.maximum(pushes[:, None] - columns, 0)
    rows = np.arange(len(day))[:, None]
    happened = (columns >= 1) & (columns <= pushes[:, None])
    moved = moves[rows, np.clip(pushes[:, None] - columns, 0, MOST_PUSHES - 1)]
    since = np.where(happened, moved, np.int32(NEVER))
    since[:, 0] = -NEVER
    return DueDates(day[rows, order], since)
