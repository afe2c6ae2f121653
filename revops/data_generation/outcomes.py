"""Who closes in which segment, and who wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np

from revops.data_generation.days import day_number
from revops.data_generation.stories import MixStory
from revops.data_generation.world import SEGMENTS, USUAL_SEGMENT_SHARE, World

WIN_RATE = np.array([0.32, 0.22, 0.12])
# How much likelier than its segment a channel's deals are to be won.
CHANNEL_LIFT = np.array([1.0, 0.85, 0.95, 1.0, 1.25, 1.1])
SEARCH_REACH = 12


@dataclass(frozen=True)
class Quarter:
    """How many deals of each segment close in a quarter, and how many of them are won."""

    start: date
    end: date
    closed: np.ndarray
    won: np.ndarray


def draw_segments(world: World, closed_on: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """The segment of every closing; exact counts in the two quarters of the mix story."""
    cumulated = np.cumsum(world.segment_share(closed_on), axis=1)
    segment = (cumulated[:, :2] < chance.random(len(closed_on))[:, None]).sum(axis=1)
    for quarter in _story_quarters(world.stories.mix, closed_on):
        rows = _closed_in(quarter, closed_on)
        segment[rows] = chance.permutation(np.repeat(np.arange(len(SEGMENTS)), quarter.closed))
    return segment


def draw_outcomes(
    world: World,
    closed_on: np.ndarray,
    segment: np.ndarray,
    channel: np.ndarray,
    chance: np.random.Generator,
) -> np.ndarray:
    """True where the deal is won.

    Chance decides at each segment's win rate; in the two quarters of the mix story the
    number of wins is exact, so that the planted point per segment is really there.
    """
    story = world.stories.mix
    rate = WIN_RATE[segment]
    if story is not None:
        rate = rate - story.rate_drop * (closed_on >= day_number(story.start))
    luck = chance.random(len(closed_on)) / CHANNEL_LIFT[channel]
    is_won = luck < rate / CHANNEL_LIFT.mean()
    for quarter in _story_quarters(story, closed_on):
        within = _closed_in(quarter, closed_on)
        for member, wins in enumerate(quarter.won):
            rows = within[segment[within] == member]
            is_won[rows] = False
            is_won[rows[np.argsort(luck[rows], kind="stable")[:wins]]] = True
    return is_won


def _story_quarters(story: MixStory | None, closed_on: np.ndarray) -> tuple[Quarter, ...]:
    """The quarter before the mix story and its own, in whole deals.

    Few deals leave few possible win rates, so the counts near the planned shares are
    searched for those that come closest to the drop and the lift of the story.
    """
    if story is None:
        return ()
    nothing = np.zeros(len(SEGMENTS), dtype=np.int64)
    before = Quarter(story.before, story.start, nothing, nothing)
    after = Quarter(story.start, story.end, nothing, nothing)
    closed = _split(len(_closed_in(before, closed_on)), USUAL_SEGMENT_SHARE)
    won = np.round(WIN_RATE * closed).astype(np.int64)
    if min(closed) == 0 or len(_closed_in(after, closed_on)) == 0:
        return ()
    usual = won / closed
    total = won.sum() / closed.sum()
    planned = _split(len(_closed_in(after, closed_on)), np.array(story.segment_share))
    best, best_miss = planned, np.inf
    for middle, large in product(range(-SEARCH_REACH, SEARCH_REACH + 1), repeat=2):
        counts = planned + np.array([-middle - large, middle, large])
        if min(counts) <= 0:
            continue
        wins = np.round((usual - story.rate_drop) * counts)
        drops = wins / counts - usual + story.rate_drop
        lift = wins.sum() / counts.sum() - total - story.total_lift
        miss = float((drops**2).sum() + lift**2)
        if miss < best_miss:
            best, best_miss = counts, miss
    wins = np.maximum(np.round((usual - story.rate_drop) * best), 0).astype(np.int64)
    return (
        Quarter(story.before, story.start, closed, won),
        Quarter(story.start, story.end, best, wins),
    )


def _split(count: int, share: np.ndarray) -> np.ndarray:
    parts = np.round(share * count).astype(np.int64)
    parts[0] = count - parts[1:].sum()
    return parts


def _closed_in(quarter: Quarter, closed_on: np.ndarray) -> np.ndarray:
    start, end = day_number(quarter.start), day_number(quarter.end)
    return np.flatnonzero((closed_on >= start) & (closed_on < end))
