"""The life of every deal, drawn backwards from the day it closes.

Drawing by closing day fixes how many deals of a segment close and are won in a
period, which is what win rates are about; creation, stages and due dates follow
from it. Deals that close after the as-of date are today's open pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revops.data_generation.accounts import account_names, assign_accounts
from revops.data_generation.days import day_number, weekday
from revops.data_generation.outcomes import draw_outcomes, draw_segments
from revops.data_generation.slips import DueDates, draw_due_dates
from revops.data_generation.world import (
    CHANNEL_SHARE,
    CHANNELS,
    OWNER_SHARE,
    OWNERS,
    REGION_SHARE,
    REGIONS,
    World,
)

HORIZON_DAYS = 700
CYCLE_MEDIAN_DAYS = np.array([26.0, 50.0, 88.0])
LOST_CYCLE_FACTOR = 1.5
MEDIAN_MRR = np.array([430.0, 1650.0, 6200.0])
REPEAT_SIZE = 0.45
DAY_WEIGHTS = np.array([0.9, 1.0, 1.05, 1.1, 1.25, 0.0, 0.0]) * 7 / 5.3


@dataclass(frozen=True)
class Deals:
    """One entry per deal created by the as-of date, in order of creation.

    Segment, channel, region and owner are positions in the world's tuples;
    `closed_on` may lie after the as-of date (the deal is open today);
    `mrr` is what the account pays a month if the deal is won, and a won deal's
    amount is twelve times that. `is_repeat` marks a win of an account that has
    bought before.
    """

    created_on: np.ndarray
    closed_on: np.ndarray
    is_won: np.ndarray
    segment: np.ndarray
    channel: np.ndarray
    region: np.ndarray
    owner: np.ndarray
    account: np.ndarray
    mrr: np.ndarray
    is_repeat: np.ndarray
    due: DueDates
    names: np.ndarray

    def __len__(self) -> int:
        return len(self.created_on)


def draw_deals(world: World) -> Deals:
    """Draw all deals of the world that exist at the as-of date."""
    chance = world.random("deals")
    closed_on = _closing_days(world, chance)
    count = len(closed_on)
    segment = draw_segments(world, closed_on, chance)
    channel = _pick_by_row(CHANNEL_SHARE[segment], chance)
    region = chance.choice(len(REGIONS), size=count, p=REGION_SHARE)
    owner = chance.choice(len(OWNERS), size=count, p=OWNER_SHARE)
    is_won = draw_outcomes(world, closed_on, segment, channel, chance)
    due = draw_due_dates(world, closed_on, is_won, owner, chance)
    created_on = _creation_days(closed_on, is_won, segment, due, chance)
    size = MEDIAN_MRR[segment] * np.exp(chance.normal(0, 0.42, count))

    known = (created_on >= day_number(world.first_day)) & (created_on <= day_number(world.as_of))
    order = np.flatnonzero(known)
    order = order[np.lexsort((order, created_on[order]))]
    account = assign_accounts(
        segment[order] * len(REGIONS) + region[order], world.random("accounts")
    )
    is_repeat = _repeat_wins(account, closed_on[order], is_won[order])
    size = size[order] * np.where(is_repeat, REPEAT_SIZE, 1.0)
    return Deals(
        created_on=created_on[order],
        closed_on=closed_on[order],
        is_won=is_won[order],
        segment=segment[order],
        channel=channel[order],
        region=region[order],
        owner=owner[order],
        account=account,
        mrr=(np.maximum(np.round(size / 5), 6) * 5).astype(np.int64),
        is_repeat=is_repeat,
        due=due.take(order),
        names=account_names(int(account.max(initial=-1)) + 1),
    )


def _closing_days(world: World, chance: np.random.Generator) -> np.ndarray:
    days = np.arange(day_number(world.first_day), day_number(world.as_of) + HORIZON_DAYS)
    return np.repeat(days, chance.poisson(world.demand(days) * DAY_WEIGHTS[weekday(days)]))


def _pick_by_row(shares: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """A column per row, drawn with the row's shares."""
    draw = chance.random(len(shares))[:, None]
    return np.minimum((np.cumsum(shares, axis=1) < draw).sum(axis=1), len(CHANNELS) - 1)


def _creation_days(
    closed_on: np.ndarray,
    is_won: np.ndarray,
    segment: np.ndarray,
    due: DueDates,
    chance: np.random.Generator,
) -> np.ndarray:
    """The business day a deal was opened: one sales cycle before it was first due."""
    median = CYCLE_MEDIAN_DAYS[segment] * np.where(is_won, 1.0, LOST_CYCLE_FACTOR)
    cycle = np.round(median * np.exp(chance.normal(0, 0.45, len(closed_on)))).astype(np.int64)
    created = np.minimum(due.first() - cycle, closed_on - 3)
    return created - np.maximum(weekday(created) - 4, 0)


def _repeat_wins(account: np.ndarray, closed_on: np.ndarray, is_won: np.ndarray) -> np.ndarray:
    """Wins of an account that had won before, by closing day."""
    wins = np.flatnonzero(is_won)
    wins = wins[np.lexsort((wins, closed_on[wins], account[wins]))]
    repeat = np.zeros(len(account), dtype=bool)
    repeat[wins[1:]] = account[wins[1:]] == account[wins[:-1]]
    return repeat
