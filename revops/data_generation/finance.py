"""The company's monthly accounts, following from its ads, people and subscriptions."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from revops.data_generation.days import day_number, month_start
from revops.data_generation.ledger import Periods
from revops.data_generation.world import World

SERVICES_SHARE = 0.03
COST_SHARE = 0.225


def finance_frame(world: World, periods: Periods, spend: np.ndarray) -> pl.DataFrame:
    """One row per complete month; `spend` is the ad spend per month of the world.

    Revenue is the mean of the MRR at the month's two ends plus services. People cost
    money whether or not customers come, so the first year burns the most.
    """
    chance = world.random("finance")
    months = [month for month in world.month_starts if _is_complete(world, month)]
    ends = [int(world.month_days(month)[-1]) for month in months]
    customers = int(periods.customer.max(initial=-1)) + 1
    closing = np.array([periods.mrr_at(day, customers).sum() for day in ends], dtype=np.float64)
    opening = np.concatenate([[0.0], closing[:-1]])
    age = np.arange(len(months))
    noise = np.exp(chance.normal(0, 0.02, (4, len(months))))
    revenue = (opening + closing) / 2 * (1 + SERVICES_SHARE * noise[0])
    selling = spend[: len(months)] + world.scale * (150_000 + 2_600 * age) * noise[1]
    cost = revenue * COST_SHARE * noise[2] + world.scale * 14_000
    building = world.scale * (170_000 + 5_500 * age) * noise[3]
    return pl.DataFrame(
        {
            "month": months,
            "sales_marketing_expense": np.round(selling, 2),
            "revenue": np.round(revenue, 2),
            "cost_of_revenue": np.round(cost, 2),
            "net_burn": np.round(selling + cost + building - revenue, 2),
        },
        schema_overrides={"month": pl.Date},
    )


def _is_complete(world: World, month: date) -> bool:
    return int(world.month_days(month)[-1]) + 1 == day_number(month_start(month, 1))
