"""From won deals to customers and the subscriptions they start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revops.data_generation.days import day_number
from revops.data_generation.deals import Deals
from revops.data_generation.world import World

TRIAL_SHARE = np.array([0.12, 0.06, 0.0])
# A later win of the same account is sometimes a subsidiary that gets its own contract.
SECOND_CUSTOMER_SHARE = 0.12
# Segments by plans: Starter, Growth, Scale, Enterprise.
PLAN_SHARE = np.array([[0.62, 0.38, 0.0, 0.0], [0.0, 0.64, 0.36, 0.0], [0.0, 0.0, 0.45, 0.55]])


@dataclass(frozen=True)
class Arrivals:
    """One entry per won deal, in order of start: the subscription it starts and for whom.

    `customer` numbers customers by their first start; `deal` is the deal's position.
    A trial of `trial_days` at no charge comes first where that is not 0.
    """

    customer: np.ndarray
    deal: np.ndarray
    start: np.ndarray
    mrr: np.ndarray
    plan: np.ndarray
    trial_days: np.ndarray

    def founders(self) -> np.ndarray:
        """Per customer the deal that won it."""
        return self.deal[np.unique(self.customer, return_index=True)[1]]


def draw_arrivals(world: World, deals: Deals) -> Arrivals:
    """Start a subscription within days of every won deal, by the as-of date at the latest."""
    chance = world.random("arrivals")
    today = day_number(world.as_of)
    won = np.flatnonzero(deals.is_won & (deals.closed_on <= today))
    delay = chance.integers(0, 10, len(won))
    start = np.minimum(deals.closed_on[won] + delay, today)
    order = np.lexsort((won, start))
    won, start = won[order], start[order]
    segment = deals.segment[won]
    repeat = _is_repeat(deals.account[won])
    founds = ~repeat | (chance.random(len(won)) < SECOND_CUSTOMER_SHARE)
    is_trial = founds & (chance.random(len(won)) < TRIAL_SHARE[segment])
    plan = (np.cumsum(PLAN_SHARE, axis=1)[segment] < chance.random(len(won))[:, None]).sum(axis=1)
    return Arrivals(
        customer=_customer_numbers(deals.account[won], founds, repeat),
        deal=won,
        start=start,
        mrr=deals.mrr[won],
        plan=np.minimum(plan, PLAN_SHARE.shape[1] - 1),
        trial_days=np.where(is_trial, chance.choice([14, 30], len(won)), 0),
    )


def _is_repeat(account: np.ndarray) -> np.ndarray:
    repeat = np.ones(len(account), dtype=bool)
    repeat[np.unique(account, return_index=True)[1]] = False
    return repeat


def _customer_numbers(account: np.ndarray, founds: np.ndarray, repeat: np.ndarray) -> np.ndarray:
    """A new number for every founding win; the account's first customer for the others."""
    number = np.cumsum(founds) - 1
    first = np.zeros(int(account.max(initial=-1)) + 1, dtype=np.int64)
    first[account[~repeat]] = number[~repeat]
    return np.where(founds, number, first[account])
