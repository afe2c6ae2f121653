"""What the base rates of a window may have been in truth, given how few cases it counts."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from revops import metrics
from revops.filters import Filters
from revops.statements import call
from revops.warehouse import Warehouse

# A bootstrap of more deals than this differs from a sample of this size in nothing one sees.
MOST_RESAMPLED = 2000
HALF = 0.5

Ratios = NDArray[np.float64]


def draws(warehouse: Warehouse, filters: Filters, count: int, seed: int) -> list[list[float]]:
    """Factors for win rate, churn and price, one row per draw, with a mean near 1.

    Shares are drawn from their Beta posterior (Jeffreys' prior), which is to a share what
    Wilson's interval is; the mean won amount is bootstrapped. Where a rate has no cases its
    factor is 1: what is not known is not made to look uncertain.
    """
    dice = np.random.default_rng(seed)
    deals = metrics.total(warehouse, "pipeline", filters)
    months = metrics.query(warehouse, "revenue", filters, by="month")
    months = months.filter(~months["is_total"]).select("lost_customers", "opening_customers")
    lost, opening = months.sum().row(0)
    columns = (
        _share(dice, deals["decided_won_deals"], deals["decided_deals"], count),
        _share(dice, lost, opening, count),
        _mean(dice, _won_amounts(warehouse, filters), count),
    )
    rows: list[list[float]] = np.column_stack(columns).tolist()
    return rows


def _share(dice: Generator, cases: int | None, of: int | None, count: int) -> Ratios:
    if not cases or not of:
        return np.ones(count)
    return dice.beta(cases + HALF, of - cases + HALF, count) / (cases / of)


def _mean(dice: Generator, amounts: Ratios, count: int) -> Ratios:
    if amounts.size < 2 or not amounts.mean():
        return np.ones(count)
    if amounts.size > MOST_RESAMPLED:
        error = amounts.std(ddof=1) / np.sqrt(amounts.size)
        return 1 + dice.normal(0, error, count) / amounts.mean()
    picked = dice.integers(0, amounts.size, (count, amounts.size))
    means: Ratios = amounts[picked].mean(axis=1)
    return means / amounts.mean()


def _won_amounts(warehouse: Warehouse, filters: Filters) -> Ratios:
    params = metrics.statement(warehouse, "pipeline", filters).params
    source = call("reports.evidence_pipeline", params)
    rows = warehouse.query(
        f"select deals.won_amount from {source} as deals "
        "where deals.won_amount is not null order by deals.won_amount",
        params,
    )
    return np.asarray(rows["won_amount"].to_list(), dtype=np.float64)
