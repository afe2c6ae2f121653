"""Targets by segment, from the benchmarks that can be used."""

from revops.statements import Statement
from revops.warehouse import Warehouse

ALL = "all"

TARGETS = """select
    benchmarks.category as segment,
    case
        when lower(benchmarks.unit) in ('percent', 'pct', '%') then benchmarks.target_value / 100
        else benchmarks.target_value
    end as target
from marts.benchmarks as benchmarks
where
    benchmarks.is_usable
    and benchmarks.metric_type = $metric_type
    and benchmarks.subcategory = 'all'
    and benchmarks.target_value is not null
order by benchmarks.category"""


def targets(warehouse: Warehouse, metric_type: str) -> dict[str, float]:
    """Each segment's target as a 0–1 share or multiple; "all" is the whole company's."""
    asked = Statement(TARGETS, {"metric_type": metric_type})
    return dict(warehouse.query(asked.text, asked.params).iter_rows())
