"""Targets by segment, from the benchmarks that can be used."""

from revops.warehouse import Warehouse

ALL = "all"

TARGETS = """select coalesce(benchmarks.slice, $whole) as segment, benchmarks.target_value
from marts.benchmarks as benchmarks
where
    benchmarks.is_usable
    and benchmarks.metric_type = $metric_type
    and benchmarks.target_value is not null
order by segment"""


def targets(warehouse: Warehouse, metric_type: str) -> dict[str, float]:
    """Each slice's target, shares as 0–1; the key "all" is the whole company's."""
    found = warehouse.query(TARGETS, {"metric_type": metric_type, "whole": ALL})
    return dict(found.iter_rows())
