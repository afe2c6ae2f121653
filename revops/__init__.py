"""The domain, read only: questions to a built warehouse and their answers."""

from revops import metrics, reports, units
from revops.filters import Filters
from revops.warehouse import Warehouse

__all__ = ["Filters", "Warehouse", "metrics", "reports", "units"]
