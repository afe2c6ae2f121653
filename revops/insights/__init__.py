"""Written insights: what moved, how sure that is, and the SQL that shows it."""

from revops.insights.model import Driver, Evidence, Insight, Interval

__all__ = ["Driver", "Evidence", "Insight", "Interval"]
