"""From impressions to SQLs, and the ratios an ad platform prints beside them."""

from __future__ import annotations

import numpy as np
import polars as pl

# One rate per channel, in the world's order.
CLICK_RATE = np.array([0.041, 0.011, 0.0065, 0.021, 0.08, 0.05])
LEAD_RATE = np.array([0.042, 0.026, 0.034, 0.028, 0.15, 0.065])
MQL_RATE = np.array([0.42, 0.34, 0.44, 0.38, 0.62, 0.50])
SQL_RATE = np.array([0.40, 0.35, 0.42, 0.38, 0.58, 0.50])


def draw_funnel(
    leads_expected: np.ndarray,
    channel: np.ndarray,
    opportunities: np.ndarray,
    chance: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Draw impressions down to SQLs; no count lies below the opportunities of its day."""
    shown = leads_expected / (CLICK_RATE * LEAD_RATE)[channel]
    impressions = np.round(shown * np.exp(chance.normal(0, 0.10, len(shown)))).astype(np.int64)
    clicks = chance.poisson(impressions * CLICK_RATE[channel])
    leads = chance.binomial(clicks, LEAD_RATE[channel])
    mqls = chance.binomial(leads, MQL_RATE[channel])
    sqls = np.maximum(chance.binomial(mqls, SQL_RATE[channel]), opportunities).astype(np.int64)
    mqls = np.maximum(mqls, sqls)
    leads = np.maximum(leads, mqls)
    clicks = np.maximum(clicks, leads)
    return {
        "impressions": np.maximum(impressions, clicks),
        "clicks": clicks,
        "leads": leads,
        "MQLs": mqls,
        "SQLs": sqls,
        "opportunities": opportunities.astype(np.int64),
    }


def contract_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the ratios an ad platform's export carries; empty where undefined."""

    def ratio(top: str, bottom: str, digits: int) -> pl.Expr:
        return pl.when(pl.col(bottom) > 0).then((pl.col(top) / pl.col(bottom)).round(digits))

    return frame.select(
        pl.col("date").cast(pl.Date),
        "channel",
        "campaign",
        "segment",
        "geo",
        "spend",
        "impressions",
        "clicks",
        "leads",
        "MQLs",
        "SQLs",
        "opportunities",
        "closed_won",
        ratio("spend", "closed_won", 2).alias("CAC"),
        ratio("spend", "leads", 2).alias("CPL"),
        ratio("clicks", "impressions", 4).alias("CTR"),
        ratio("leads", "clicks", 4).alias("CVR_stagewise"),
        pl.when(pl.col("spend") > 0)
        .then(((pl.col("won_amount") / pl.col("spend") - 1) * 100).round(1))
        .alias("ROI"),
    )
