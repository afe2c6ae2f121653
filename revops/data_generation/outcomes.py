"""Who closes in which segment, and who wins."""

from __future__ import annotations

from datetime import date

import numpy as np

from revops.data_generation.world import SEGMENTS, USUAL_SEGMENT_SHARE, World, day_number

WIN_RATE = np.array([0.32, 0.22, 0.12])
# How much likelier than its segment a channel's deals are to be won.
CHANNEL_LIFT = np.array([1.0, 0.85, 0.95, 1.0, 1.25, 1.1])


def draw_segments(world: World, closed_on: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """The segment of every closing; exact shares in the two quarters of the mix story."""
    cumulated = np.cumsum(world.segment_share(closed_on), axis=1)
    segment = (cumulated[:, :2] < chance.random(len(closed_on))[:, None]).sum(axis=1)
    story = world.stories.mix
    if story is None:
        return segment
    quarters = (
        (story.before, story.start, USUAL_SEGMENT_SHARE),
        (story.start, story.end, np.array(story.segment_share)),
    )
    for start, end, share in quarters:
        rows = _closed_between(closed_on, start, end)
        counts = np.round(share * len(rows)).astype(np.int64)
        counts[0] = len(rows) - counts[1:].sum()
        segment[rows] = chance.permutation(np.repeat(np.arange(len(SEGMENTS)), counts))
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
    draw = chance.random(len(closed_on))
    is_won = draw < rate * CHANNEL_LIFT[channel] / CHANNEL_LIFT.mean()
    if story is None:
        return is_won
    for member, usual in enumerate(WIN_RATE):
        before = _closed_between(closed_on, story.before, story.start, segment == member)
        after = _closed_between(closed_on, story.start, story.end, segment == member)
        wins = round(usual * len(before))
        reached = wins / max(len(before), 1) - story.rate_drop
        _win_exactly(is_won, before, wins, draw, channel)
        _win_exactly(is_won, after, max(round(reached * len(after)), 0), draw, channel)
    return is_won


def _closed_between(
    closed_on: np.ndarray, start: date, end: date, among: np.ndarray | bool = True
) -> np.ndarray:
    within = (closed_on >= day_number(start)) & (closed_on < day_number(end))
    return np.flatnonzero(within & among)


def _win_exactly(
    is_won: np.ndarray, rows: np.ndarray, wins: int, draw: np.ndarray, channel: np.ndarray
) -> None:
    """Let the `wins` luckiest of `rows` win, in place."""
    luck = draw[rows] / CHANNEL_LIFT[channel[rows]]
    is_won[rows] = False
    is_won[rows[np.argsort(luck, kind="stable")[:wins]]] = True
