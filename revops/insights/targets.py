"""Targets by segment, from the benchmarks that can be used."""

from dataclasses import dataclass

from revops.targets import EVERYTHING
from revops.warehouse import Warehouse

TARGETS = """select
    coalesce(benchmarks.slice, $whole) as segment,
    benchmarks.target_value,
    benchmarks.min_value,
    benchmarks.max_value
from marts.benchmarks as benchmarks
where
    benchmarks.is_usable
    and benchmarks.metric_type = $metric_type
    and benchmarks.target_value is not null
order by segment"""


@dataclass(frozen=True)
class Target:
    """What is asked for, and the range that is still usual around it, where it is known."""

    value: float
    least: float | None = None
    most: float | None = None

    @property
    def floor(self) -> float:
        """Below it nobody calls it usual."""
        return self.value if self.least is None else self.least


def targets(warehouse: Warehouse, metric_type: str) -> dict[str, Target]:
    """Each slice's target, shares as 0–1; the key "all" is the whole company's."""
    found = warehouse.query(TARGETS, {"metric_type": metric_type, "whole": EVERYTHING})
    return {name: Target(*values) for name, *values in found.iter_rows()}
