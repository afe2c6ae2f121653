"""Written insights: what moved, how sure that is, and the SQL that shows it."""

from revops.insights import why
from revops.insights.engine import Provider, RuleEngine, describe_rules, run
from revops.insights.model import Driver, Evidence, Insight, Interval
from revops.insights.thresholds import load as load_thresholds

__all__ = [
    "Driver",
    "Evidence",
    "Insight",
    "Interval",
    "Provider",
    "RuleEngine",
    "describe_rules",
    "load_thresholds",
    "run",
    "why",
]
