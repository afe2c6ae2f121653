"""What customers pay, month by month, after the won deal that brought them.

Chance reprices, upgrades, reduces, adds and ends subscriptions; customers leave
for a reason, and some come back after weeks or months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from revops.data_generation.arrivals import Arrivals
from revops.data_generation.days import day_number, month_start
from revops.data_generation.ledger import RUNNING, Ledger, Periods
from revops.data_generation.world import SEGMENTS, World

CHURN_REASONS = (
    "Budget",
    "Competitor",
    "Missing features",
    "Poor adoption",
    "Support quality",
    "Business closed",
)
REASON_SHARE = (0.24, 0.20, 0.18, 0.18, 0.10, 0.10)
# Chances per month, by segment.
CHURN = np.array([0.017, 0.013, 0.007])
UPGRADE = np.array([0.006, 0.007, 0.006])
DOWNGRADE = np.array([0.002, 0.002, 0.002])
EXPANSION = np.array([0.030, 0.041, 0.048])
CONTRACTION = np.array([0.008, 0.008, 0.007])
ADD_ON = np.array([0.006, 0.010, 0.012])
ADD_ON_END = 0.03
COMES_BACK = 0.03
CAME_BACK_AFTER_DAYS = (40, 240)


@dataclass(frozen=True)
class Billing:
    """All periods, and per customer when (-1: never) and why it left last."""

    periods: Periods
    left_on: np.ndarray
    reason: np.ndarray


def draw_billing(world: World, arrivals: Arrivals, segment: np.ndarray) -> Billing:
    """Run the billing system from the first month to the as-of date.

    `segment` is one entry per customer.
    """
    billing = _Months(world, arrivals, segment)
    for index, start in enumerate(world.month_starts):
        billing.run(start, world.random("billing", index))
    return Billing(billing.ledger.periods(), billing.left_on, billing.reason)


class _Months:
    """The state of the billing system between two months."""

    def __init__(self, world: World, arrivals: Arrivals, segment: np.ndarray) -> None:
        self.world = world
        self.arrivals = arrivals
        self.segment = segment
        self.ledger = Ledger(len(segment))
        self.left_on = np.full(len(segment), RUNNING)
        self.reason = np.zeros(len(segment), dtype=np.int64)
        self.last_mrr = np.zeros(len(segment), dtype=np.int64)
        self.last_plan = np.zeros(len(segment), dtype=np.int64)

    def run(self, month: date, chance: np.random.Generator) -> None:
        """Let a month happen: departures, returns, changes of price, arrivals."""
        days = self.world.month_days(month)
        length = day_number(month_start(month, 1)) - day_number(month)
        part = len(days) / length
        arrivals = self.arrivals
        arriving = np.flatnonzero((arrivals.start >= days[0]) & (arrivals.start <= days[-1]))
        self._leave(month, days, part, arrivals.customer[arriving], chance)
        self._come_back(days, part, arrivals.customer[arriving], chance)
        self._change(days, part, chance)
        self._arrive(arriving)

    def _leave(
        self,
        month: date,
        days: np.ndarray,
        part: float,
        arriving: np.ndarray,
        chance: np.random.Generator,
    ) -> None:
        running = self.ledger.running
        settled = np.zeros(len(self.segment), dtype=bool)
        settled[running["customer"]] = True
        settled[running["customer"][running["start"] >= days[0]]] = False
        settled[arriving] = False
        draw = chance.random(len(self.segment))
        leaves = settled & (draw < CHURN[self.segment] * part)
        reason = chance.choice(len(CHURN_REASONS), size=len(self.segment), p=REASON_SHARE)
        story = self.world.stories.churn
        if story is not None and story.start <= month < story.end:
            of_segment = np.flatnonzero(settled & (self.segment == SEGMENTS.index(story.segment)))
            usual = CHURN[SEGMENTS.index(story.segment)] * len(of_segment) * part
            first = of_segment[np.argsort(draw[of_segment], kind="stable")]
            leaves[of_segment] = False
            leaves[first[: round(usual * story.factor)]] = True
            reason[first[round(usual) :]] = CHURN_REASONS.index(story.reason)
        day = days[0] + (chance.random(len(self.segment)) * len(days)).astype(np.int64)
        self.left_on[leaves], self.reason[leaves] = day[leaves], reason[leaves]
        rows = np.flatnonzero(leaves[running["customer"]])
        gone = running["customer"][rows]
        self.last_mrr[gone] = 0
        np.add.at(self.last_mrr, gone, running["mrr"][rows])
        self.last_plan[gone] = running["plan"][rows]
        self.ledger.end(rows, day[gone])

    def _come_back(
        self, days: np.ndarray, part: float, arriving: np.ndarray, chance: np.random.Generator
    ) -> None:
        away = days[0] - self.left_on
        soonest, latest = CAME_BACK_AFTER_DAYS
        may = (self.left_on != RUNNING) & (away >= soonest) & (away <= latest)
        may &= self.last_mrr > 0
        may[arriving] = False
        draw = chance.random((3, len(self.segment)))
        back = np.flatnonzero(may & (draw[0] < COMES_BACK * part))
        day = days[0] + (draw[1][back] * len(days)).astype(np.int64)
        mrr = _price(self.last_mrr[back] * (0.6 + 0.5 * draw[2][back]))
        self.ledger.open(back, day, mrr, self.last_plan[back])
        self.left_on[back] = RUNNING

    def _change(self, days: np.ndarray, part: float, chance: np.random.Generator) -> None:
        running = {field: values.copy() for field, values in self.ledger.running.items()}
        customer, mrr, plan = running["customer"], running["mrr"], running["plan"]
        segment = self.segment[customer]
        draw, size, when, extra = chance.random((4, len(customer)))
        day = days[0] + (when * len(days)).astype(np.int64)
        many = np.bincount(customer, minlength=len(self.segment))[customer] > 1
        settled = (running["start"] < days[0]) & (mrr > 0)
        chances = (UPGRADE, DOWNGRADE, EXPANSION, CONTRACTION, ADD_ON)
        steps = np.cumsum([share[segment] * part for share in chances], axis=0)
        event = np.where(settled, (steps <= draw).sum(axis=0), len(chances))
        ends = settled & many & (running["number"] > 1) & (extra < ADD_ON_END * part)
        event[ends] = len(chances)
        up = (event == 0) & (plan < np.minimum(segment + 1, 2) + 1)
        down = (event == 1) & (plan > segment)
        factor = np.select(
            [up, down, event == 2, event == 3],
            [1.3 + 0.3 * size, 0.85 - 0.2 * size, 1.1 + 0.3 * size, 0.9 - 0.3 * size],
            default=1.0,
        )
        rows = np.flatnonzero(factor != 1.0)
        self.ledger.reprice(
            rows, day[rows], _price(mrr[rows] * factor[rows]), (plan + up - down)[rows]
        )
        grows = np.flatnonzero(event == 4)
        self.ledger.open(
            customer[grows], day[grows], _price(mrr[grows] * (0.1 + 0.3 * size[grows])), plan[grows]
        )
        self._end_add_ons(np.flatnonzero(ends), customer, day)

    def _end_add_ons(self, rows: np.ndarray, customer: np.ndarray, day: np.ndarray) -> None:
        """End at most one subscription per customer, never its last."""
        single = rows[np.unique(customer[rows], return_index=True)[1]]
        self.ledger.end(single, day[single])

    def _arrive(self, arriving: np.ndarray) -> None:
        arrivals = self.arrivals
        customer, start = arrivals.customer[arriving], arrivals.start[arriving]
        trial = arrivals.trial_days[arriving]
        price = arrivals.mrr[arriving]
        rows = self.ledger.open(
            customer, start, np.where(trial > 0, 0, price), arrivals.plan[arriving]
        )
        self.left_on[customer] = RUNNING
        paid_from = start + trial
        pays = np.flatnonzero((trial > 0) & (paid_from <= day_number(self.world.as_of)))
        self.ledger.reprice(rows[pays], paid_from[pays], price[pays], arrivals.plan[arriving][pays])


def _price(mrr: np.ndarray) -> np.ndarray:
    return (np.maximum(np.round(mrr / 5), 4) * 5).astype(np.int64)
