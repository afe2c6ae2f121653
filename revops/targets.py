"""What targets.csv asks of the window and slice looked at."""

from revops import reports
from revops.filters import Filters
from revops.warehouse import Warehouse

REPORT = "window_targets"
# the word of targets.csv and of benchmarks.csv for every segment, channel or owner
EVERYTHING = "all"


def targets(warehouse: Warehouse, filters: Filters) -> dict[tuple[str, str], float]:
    """For (domain, metric) the target of exactly these filters; a metric without one is absent.

    Targets speak of segments and owners: under any other filter there are none, as there are none
    for a window without both ends.
    """
    if reports.not_taken(warehouse, REPORT, filters):
        return {}
    rows = reports.query(warehouse, REPORT, filters)
    return {
        (row["domain"], row["metric"]): row["target_value"] for row in rows.iter_rows(named=True)
    }
