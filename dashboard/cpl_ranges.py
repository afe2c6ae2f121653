"""Cost per lead of every slice that has a benchmark range, for the filters in force."""

from dataclasses import replace

import polars as pl

from revops import Filters, Warehouse, metrics, reports
from revops.targets import EVERYTHING


def cost_per_lead_ranges(warehouse: Warehouse, filters: Filters) -> pl.DataFrame:
    """One row per benchmark range whose slice is looked at whole: name, value, low, high, target.

    The report of benchmarks answers for all domains at once, which is slow under a filter. Its
    ranges depend on no filter, so they are read once per build; the values come from the channel
    report, once per segment, which the page mostly has asked already.
    """
    known = reports.query(warehouse, "benchmark_comparison").filter(
        (pl.col("metric") == "cpl")
        & pl.col("min_value").is_not_null()
        & pl.col("max_value").is_not_null()
        & pl.col("standing").is_not_null()
    )
    rows = known.select("category", "subcategory", "min_value", "max_value", "target_value")
    values = _values(warehouse, filters, set(rows["subcategory"]) - {EVERYTHING})
    return (
        rows.join(values, on=["category", "subcategory"])
        .filter(pl.col("value").is_not_null())
        .sort("category", "subcategory")
        .select(
            name=_name(),
            # the benchmark of all channels has no page of a channel
            channel=_unless_every("category"),
            segment=_unless_every("subcategory"),
            value="value",
            low="min_value",
            high="max_value",
            target="target_value",
            is_inside=pl.col("value").is_between("min_value", "max_value"),
        )
    )


def _values(warehouse: Warehouse, filters: Filters, segments: set[str]) -> pl.DataFrame:
    """Cost per lead by channel and segment; a slice that a filter cuts is left out."""
    found: list[pl.DataFrame] = []
    if set(filters.members()) - {"segments", "channels"}:
        return _rows([], [], EVERYTHING)
    for segment in sorted(segments):
        if filters.segments is None or segment in filters.segments:
            found.append(_channels(warehouse, replace(filters, segments=(segment,)), segment))
    if filters.segments is None:
        found.append(_channels(warehouse, filters, EVERYTHING))
        if filters.channels is None:
            total = metrics.total(warehouse, "marketing", filters)["cpl"]
            found.append(_rows([EVERYTHING], [total], EVERYTHING))
    return pl.concat(found) if found else _rows([], [], EVERYTHING)


def _channels(warehouse: Warehouse, filters: Filters, segment: str) -> pl.DataFrame:
    frame = reports.query(warehouse, "channel_performance", filters)
    return _rows(frame["channel"].to_list(), frame["cpl"].to_list(), segment)


def _rows(channels: list[str], values: list[float | None], segment: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"category": channels, "subcategory": [segment] * len(channels), "value": values},
        schema={"category": pl.String, "subcategory": pl.String, "value": pl.Float64},
    )


def _unless_every(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != EVERYTHING).then(column).otherwise(pl.lit(""))


def _name() -> pl.Expr:
    """A slice as people say it: "LinkedIn · SMB", "LinkedIn", "All channels"."""
    is_whole = pl.col("subcategory") == EVERYTHING
    return (
        pl.when(is_whole & (pl.col("category") == EVERYTHING))
        .then(pl.lit("All channels"))
        .when(is_whole)
        .then(pl.col("category"))
        .otherwise(pl.concat_str("category", "subcategory", separator=" · "))
    )
