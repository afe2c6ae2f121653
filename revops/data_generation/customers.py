"""Today's customer export: what each customer pays, and this month's movement."""

from __future__ import annotations

import numpy as np
import polars as pl

from revops.data_generation.arrivals import Arrivals
from revops.data_generation.days import day_number, month_start
from revops.data_generation.deals import Deals
from revops.data_generation.ledger import PLANS, RUNNING, Periods
from revops.data_generation.subscriptions import CHURN_REASONS, Billing
from revops.data_generation.world import REGIONS, SEGMENTS, World


def customers_frame(
    world: World, deals: Deals, arrivals: Arrivals, billing: Billing
) -> pl.DataFrame:
    """One row per customer at the as-of date.

    Like real exports it zeroes what a churned customer paid. new, expansion and
    contraction are those of the as-of month; nrr is the customer's own MRR
    against twelve months ago, empty when it did not pay then.
    """
    founder = arrivals.founders()
    count = len(founder)
    periods, today = billing.periods, day_number(world.as_of)
    now = periods.mrr_at(today, count)
    before = periods.mrr_at(day_number(world.month_starts[-1]) - 1, count)
    year_ago = periods.mrr_at(day_number(month_start(world.month_starts[-1], -11)) - 1, count)
    left = billing.left_on != RUNNING
    joined = (before == 0) & (now > 0) & ~_paid_before(periods, world, count)
    first = np.unique(periods.customer, return_index=True)[1]
    raw = pl.DataFrame(
        {
            "customer_id": np.arange(count) + 1,
            "account": deals.names[deals.account[founder]],
            "segment": np.array(SEGMENTS)[deals.segment[founder]],
            "plan": np.array(PLANS)[_plan(periods, today, count)],
            "start_date": np.minimum.reduceat(periods.start, first),
            "mrr": now,
            "new_mrr": np.where(joined, now, 0),
            "expansion_mrr": np.where(before > 0, np.maximum(now - before, 0), 0),
            "contraction_mrr": np.where((before > 0) & ~left, np.maximum(before - now, 0), 0),
            "churned_flag": left,
            "churn_date": billing.left_on,
            "churn_reason": np.array(CHURN_REASONS)[billing.reason],
            "arpa": now,
            "nrr": np.round(now / np.maximum(year_ago, 1), 4),
            "geo": np.array(REGIONS)[deals.region[founder]],
            "year_ago": year_ago,
        }
    )
    return _contract_columns(raw)


def _contract_columns(raw: pl.DataFrame) -> pl.DataFrame:
    """Label, date and empty what the contract leaves empty."""
    return raw.select(
        pl.format("C-{}", pl.col("customer_id").cast(pl.String).str.zfill(5)).alias("customer_id"),
        pl.col("account", "segment", "plan"),
        pl.col("start_date").cast(pl.Int32).cast(pl.Date),
        pl.col("mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_flag"),
        pl.when(pl.col("churned_flag"))
        .then(pl.col("churn_date"))
        .cast(pl.Int32)
        .cast(pl.Date)
        .alias("churn_date"),
        pl.when(pl.col("churned_flag")).then(pl.col("churn_reason")),
        pl.col("arpa"),
        pl.when(pl.col("churned_flag"))
        .then(0.0)
        .otherwise(pl.when(pl.col("year_ago") > 0).then(pl.col("nrr")))
        .alias("nrr"),
        pl.col("geo"),
    )


def _paid_before(periods: Periods, world: World, count: int) -> np.ndarray:
    paid = (periods.mrr > 0) & (periods.start < day_number(world.month_starts[-1]))
    return np.bincount(periods.customer[paid], minlength=count) > 0


def _plan(periods: Periods, today: int, count: int) -> np.ndarray:
    """The plan of the dearest running period, or the last known one."""
    runs = (periods.end == RUNNING) | (periods.end > today)
    order = np.lexsort((periods.start, np.where(runs, periods.mrr, -1), periods.customer))
    plan = np.zeros(count, dtype=np.int64)
    plan[periods.customer[order]] = periods.plan[order]
    return plan
