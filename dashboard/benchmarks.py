"""The benchmark that belongs beside a card: the one of exactly the slice looked at, or none."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from revops import Filters, Warehouse, reports, units
from revops.targets import EVERYTHING


@dataclass(frozen=True)
class Benchmark:
    """A target, and the usual range around it, both in words; `bounds` may be empty."""

    value: float | None
    target: str
    bounds: str

    def __str__(self) -> str:
        return f"{self.target}, usually {self.bounds}" if self.bounds else self.target


def benchmarks(
    warehouse: Warehouse, filters: Filters, currency: str
) -> dict[tuple[str, str], Benchmark]:
    """For (domain, metric) the benchmark of the slice looked at.

    Benchmarks speak of everything, of a channel, of a segment, or of a channel's segment. Under
    any other selection there is none. Targets and ranges depend on no window, so they are read
    once per build.
    """
    wanted = _slice(filters)
    if wanted is None:
        return {}
    rows = reports.query(warehouse, "benchmark_comparison").filter(
        pl.col("metric").is_not_null()
        & ~pl.col("reason_not_compared").fill_null("").str.contains("^(ambiguous|implausible)")
    )
    return {
        (row["domain"], row["metric"]): _benchmark(row, currency)
        for row in rows.iter_rows(named=True)
        if _kinds(row) == wanted
    }


def _slice(filters: Filters) -> frozenset[str] | None:
    chosen = filters.members()
    others = set(chosen) - {"segments", "channels"}
    if others or any(len(members) > 1 for members in chosen.values()):
        return None
    return frozenset(member for members in chosen.values() for member in members)


def _kinds(row: dict[str, Any]) -> frozenset[str]:
    names = (str(row[name]) for name in ("category", "subcategory") if row[name] is not None)
    return frozenset(name for name in names if name != EVERYTHING)


def _benchmark(row: dict[str, Any], currency: str) -> Benchmark:
    target, low, high = (
        units.format(row[name], row["unit"], currency)
        for name in ("target_value", "min_value", "max_value")
    )
    has_range = row["min_value"] is not None and row["max_value"] is not None
    return Benchmark(row["target_value"], target, f"{low} to {high}" if has_range else "")
