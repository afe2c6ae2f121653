"""Industry values to compare with; invented, of a plausible size, the same in every world."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from revops.data_generation.marketing import COST_PER_LEAD, OPPORTUNITY_RATE
from revops.data_generation.world import CHANNELS, SEGMENTS

Row = tuple[str, str, str, float, float | None, float | None, str, str]

_WIN = {
    "all": (0.24, 0.20, 0.30),
    "SMB": (0.30, 0.25, 0.36),
    "MM": (0.22, 0.18, 0.28),
    "ENT": (0.13, 0.10, 0.20),
}
_CYCLE = {"all": (45, 30, 75), "SMB": (30, 20, 45), "MM": (60, 40, 85), "ENT": (105, 75, 150)}
_PAYBACK = {"all": (15, 9, 20), "SMB": (10, 6, 14), "MM": (14, 9, 18), "ENT": (19, 12, 26)}
_LTV_CAC = {
    "all": (3.5, 3.0, 5.0),
    "SMB": (3.0, 2.5, 4.0),
    "MM": (3.5, 3.0, 5.0),
    "ENT": (4.0, 3.0, 6.0),
}
_NRR = {
    "all": (1.05, 1.00, 1.15),
    "SMB": (0.95, 0.88, 1.02),
    "MM": (1.03, 0.98, 1.10),
    "ENT": (1.12, 1.05, 1.20),
}


def benchmarks_frame() -> pl.DataFrame:
    """One row per metric type, category and subcategory; 'all' stands for no restriction."""
    rows = [
        *_cost_per_lead(),
        *_stage_conversion(),
        *_by_segment("win_rate_targets", _WIN, "ratio", "Won deals of won and lost"),
        *_by_segment("sales_cycle_by_segment", _CYCLE, "days", "Median days from creation to win"),
        *_by_segment("cac_payback_targets", _PAYBACK, "months", "Months to earn back a customer"),
        *_by_segment("ltv_cac_targets", _LTV_CAC, "multiple", "Lifetime value per CAC"),
        *_by_segment("nrr_targets", _NRR, "ratio", "Net revenue retention over 12 months"),
    ]
    names = ("metric_type", "category", "subcategory", "target_value", "min_value", "max_value")
    frame = pl.DataFrame(rows, schema=[*names, "unit", "description"], orient="row", strict=False)
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(3)
    return frame.select(
        pl.format("B-{}", number).alias("benchmark_id"),
        pl.col(names[:3]),
        pl.col(names[3:]).cast(pl.Float64),
        "unit",
        "description",
        pl.lit("Invented for the sample").alias("source"),
        pl.lit(2026).alias("year"),
    )


def _cost_per_lead() -> list[Row]:
    rows = [_range("all", "all", 65.0)]
    for place, channel in enumerate(CHANNELS):
        for member, segment in enumerate(SEGMENTS):
            rows.append(_range(channel, segment, float(COST_PER_LEAD[member, place])))
    return rows


def _range(channel: str, segment: str, value: float) -> Row:
    target = float(round(value))
    low, high = float(round(value * 0.75)), float(round(value * 1.25))
    return ("channel_cpl_range", channel, segment, target, low, high, "USD", "Ad spend per lead")


def _stage_conversion() -> list[Row]:
    text = "Opportunities per lead in the same period"
    rows: list[Row] = [
        ("stage_conversion_benchmarks", "all", "all", 0.045, 0.03, 0.06, "ratio", text)
    ]
    for channel, rate in zip(CHANNELS, OPPORTUNITY_RATE, strict=True):
        low, high = round(rate * 0.75, 3), round(rate * 1.3, 3)
        value = float(rate)
        rows.append(
            ("stage_conversion_benchmarks", channel, "all", value, low, high, "ratio", text)
        )
    return rows


def _by_segment(
    metric_type: str, values: Mapping[str, tuple[float, float, float]], unit: str, text: str
) -> list[Row]:
    return [
        (metric_type, segment, "all", target, low, high, unit, text)
        for segment, (target, low, high) in values.items()
    ]
