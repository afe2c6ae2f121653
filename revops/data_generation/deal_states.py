"""What the CRM said about each deal on a given day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from revops.data_generation.days import NEVER
from revops.data_generation.deals import Deals
from revops.data_generation.world import CHANNELS, OWNERS, REGIONS, SEGMENTS, World

STAGES = ("Discovery", "Demo", "Negotiation", "Closed_Won", "Closed_Lost")
STATUSES = ("Open", "Open", "Open", "Closed_Won", "Closed_Lost")
PROBABILITY = np.array([0.2, 0.35, 0.55, 1.0, 0.0])
LOSS_REASONS = ("No decision", "Price", "Competitor", "Missing features", "Timing")
LOSS_SHARE = (0.30, 0.26, 0.20, 0.14, 0.10)
DISCOVERY, DEMO, NEGOTIATION, WON, LOST = range(5)
UNKNOWN_AMOUNT = -1


@dataclass(frozen=True)
class DealStates:
    """Every deal's changes, ready to be read at any day.

    `changed_on` and `stage` are (deals, 6): creation, demo, negotiation, a detour, the
    way back from it, and the close, in order of time; a step that never happened
    repeats the one before. `amount` is whole money per step, -1 where the CRM has none.
    """

    deals: Deals
    changed_on: np.ndarray
    stage: np.ndarray
    amount: np.ndarray
    earlier_owner: np.ndarray
    handed_over_on: np.ndarray
    probability_won: np.ndarray
    loss_reason: np.ndarray

    def steps(self, day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which step, due date and owner are in force: three integers per deal.

        The step is -1 for a deal that is not yet created. Two days with equal steps
        show the same deal.
        """
        step = (self.changed_on <= day).sum(axis=1) - 1
        due = (self.deals.due.since <= day).sum(axis=1) - 1
        return step, due, (self.handed_over_on <= day).astype(np.int64)

    def frame(self, day: int, rows: np.ndarray) -> pl.DataFrame:
        """The selected deals as the CRM exported them on `day`, in contract columns."""
        deals = self.deals
        steps, dues, handed_over = self.steps(day)
        step, due = steps[rows], dues[rows]
        stage = self.stage[rows, step]
        amount = self.amount[rows, step]
        owner = np.where(handed_over[rows] == 1, deals.owner[rows], self.earlier_owner[rows])
        changed_on = self.changed_on[rows, step]
        probability = np.where(stage == WON, self.probability_won[rows], PROBABILITY[stage])
        return pl.DataFrame(
            {
                "deal_id": rows + 1,
                "account": deals.names[deals.account[rows]],
                "segment": np.array(SEGMENTS)[deals.segment[rows]],
                "owner": np.array(OWNERS)[owner],
                "stage": np.array(STAGES)[stage],
                "amount": amount,
                "created_at": deals.created_on[rows],
                "expected_close": deals.due.day[rows, due],
                "last_stage_change": changed_on,
                "days_in_stage": day - changed_on,
                "probability": probability,
                "expected_value": np.round(np.maximum(amount, 0) * probability, 2),
                "status": np.array(STATUSES)[stage],
                "source_channel": np.array(CHANNELS)[deals.channel[rows]],
                "geo": np.array(REGIONS)[deals.region[rows]],
                "loss_reason": np.array(LOSS_REASONS)[self.loss_reason[rows]],
            }
        ).with_columns(
            pl.format("D-{}", pl.col("deal_id").cast(pl.String).str.zfill(5)).alias("deal_id"),
            pl.col("created_at", "expected_close", "last_stage_change")
            .cast(pl.Int32)
            .cast(pl.Date),
            pl.when(pl.col("amount") >= 0).then(pl.col("amount", "expected_value")),
            pl.when(pl.col("status") == "Closed_Lost").then(pl.col("loss_reason")),
        )


def draw_states(world: World, deals: Deals) -> DealStates:
    """Give every deal its stages, amounts, owners and reasons."""
    chance = world.random("deal states")
    count = len(deals)
    changed_on, stage = _draw_stages(deals, chance)
    handed_over = chance.random(count) < 0.03
    lasted = deals.closed_on - deals.created_on
    earlier = (deals.owner + 1 + (chance.random(count) * 6).astype(np.int64)) % (len(OWNERS) - 1)
    return DealStates(
        deals=deals,
        changed_on=changed_on,
        stage=stage,
        amount=_draw_amounts(deals, stage, chance),
        earlier_owner=np.where(handed_over, earlier, deals.owner),
        handed_over_on=np.where(
            handed_over, deals.created_on + (lasted * 0.5).astype(np.int64), -NEVER
        ),
        probability_won=np.where(chance.random(count) < 0.008, 0.9, 1.0),
        loss_reason=chance.choice(len(LOSS_REASONS), size=count, p=LOSS_SHARE),
    )


def _draw_stages(deals: Deals, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    count = len(deals)
    created, lasted = deals.created_on, deals.closed_on - deals.created_on
    reach = np.where(deals.is_won, 1.0, chance.random(count))
    sees_demo, negotiates = reach > 0.35, reach > 0.72
    demo = np.where(
        sees_demo, created + np.ceil(lasted * chance.uniform(0.15, 0.40, count)), created
    )
    negotiation = np.where(
        negotiates, created + np.ceil(lasted * chance.uniform(0.50, 0.80, count)), demo
    )
    left = deals.closed_on - negotiation
    draw = chance.random(count)
    steps_back, reopened = negotiates & (draw < 0.06), negotiates & (draw > 0.985)
    detour = steps_back | reopened
    away = np.where(detour, negotiation + np.floor(left * 0.3), negotiation)
    back = np.where(detour, negotiation + np.floor(left * 0.7), negotiation)
    at_demo = np.where(sees_demo, DEMO, DISCOVERY)
    at_negotiation = np.where(negotiates, NEGOTIATION, at_demo)
    aside = np.where(steps_back, DEMO, np.where(reopened, LOST, at_negotiation))
    closed = np.where(deals.is_won, WON, LOST)
    start = np.full(count, DISCOVERY)
    changed_on = np.column_stack([created, demo, negotiation, away, back, deals.closed_on])
    stage = np.column_stack([start, at_demo, at_negotiation, aside, at_negotiation, closed])
    return changed_on.astype(np.int64), stage


def _draw_amounts(deals: Deals, stage: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Estimates that settle as the deal advances; a won deal is worth twelve months."""
    count = len(deals)
    final = deals.mrr * 12
    demo = _estimate(final, 0.5, 0.12, chance)
    discovery = _estimate(demo, 0.5, 0.22, chance)
    discovery = np.where(chance.random(count) < 0.05, UNKNOWN_AMOUNT, discovery)
    demo = np.where(stage[:, 1] == DISCOVERY, discovery, demo)
    negotiation = np.where(stage[:, 2] == NEGOTIATION, final, demo)
    is_zeroed = ~deals.is_won & (chance.random(count) < 0.10)
    closed = np.where(is_zeroed & (negotiation >= 0), 0, negotiation)
    return np.column_stack([discovery, demo, negotiation, negotiation, negotiation, closed])


def _estimate(
    target: np.ndarray, share: float, spread: float, chance: np.random.Generator
) -> np.ndarray:
    """`target` itself, or for a share of the deals a guess around it, in hundreds."""
    guess = np.maximum(np.round(target * np.exp(chance.normal(0, spread, len(target))), -2), 100)
    return np.where(chance.random(len(target)) < share, guess, target).astype(np.int64)
