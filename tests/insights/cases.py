"""Which rule must judge which segment how: rule, segment, status, severity."""

from revops import Filters, Warehouse
from revops.insights import Insight, RuleEngine
from revops.insights.question import Rule
from revops.insights.rules import RULES
from tests.insights.worlds import HOSTILE

BY_NAME = {rule.__name__: rule for rule in RULES}

CASES = [
    ("top_channel", "return loss", "good", "low"),
    ("top_channel", "return even", "good", "none"),
    ("top_channel", "return few", "no data", "none"),
    ("low_return", "return loss", "alert", "high"),
    ("low_return", "return even", "good", "none"),
    ("low_return", "return doubtful", "watch", "medium"),
    ("low_return", "return floor", "good", "none"),
    ("low_return", "stuck half", "no data", "none"),
    ("cost_per_lead", "lead dear", "alert", "high"),
    ("cost_per_lead", "lead waste", "alert", "high"),
    ("cost_per_lead", "lead eleven", "alert", "high"),
    ("cost_per_lead", "lead nine", "good", "none"),
    ("cost_per_lead", "lead season", "good", "none"),
    ("cost_per_lead", "lead small", "good", "none"),
    ("cost_per_lead", "lead few", "no data", "none"),
    ("weak_funnel_step", "funnel lost 40", "alert", "high"),
    ("weak_funnel_step", "funnel lost 16", "watch", "medium"),
    ("weak_funnel_step", "funnel lost 14", "good", "none"),
    ("weak_funnel_step", "funnel steady", "good", "none"),
    ("weak_funnel_step", "return even", "no data", "none"),
    ("low_win_rate", "win low", "alert", "high"),
    ("low_win_rate", "win fair", "good", "none"),
    ("low_win_rate", "win doubtful", "watch", "medium"),
    ("low_win_rate", "win usual", "watch", "medium"),
    ("low_win_rate", "win 20 closed", "good", "none"),
    ("low_win_rate", "win 19 closed", "no data", "none"),
    ("low_win_rate", "win fell", "alert", "high"),
    ("low_win_rate", HOSTILE, "alert", "high"),
    ("win_rate_mix", "win low", "no data", "none"),
    ("slippage", "slip owner", "alert", "high"),
    ("slippage", "slip same", "good", "none"),
    ("slippage", "slip few", "no data", "none"),
    ("slippage", "win low", "no data", "none"),
    ("stuck_deals", "stuck half", "alert", "high"),
    ("stuck_deals", "stuck two fifths", "watch", "medium"),
    ("stuck_deals", "stuck third", "good", "none"),
    ("stuck_deals", "stuck nine", "no data", "none"),
    ("velocity", "velocity slow", "alert", "high"),
    ("velocity", "velocity same", "good", "none"),
    ("velocity", "velocity fast", "good", "low"),
    ("velocity", "velocity few", "no data", "none"),
    ("churn", "churn wave", "alert", "high"),
    ("churn", "churn usual", "good", "none"),
    ("churn", "churn four", "good", "none"),
    ("churn", "churn calmed", "good", "none"),
    ("churn", "churn few", "no data", "none"),
    ("nrr_below_target", "nrr shrunk", "alert", "high"),
    ("nrr_below_target", "nrr held", "good", "none"),
    ("nrr_below_target", "nrr missed", "alert", "high"),
    ("nrr_below_target", "nrr twenty", "alert", "high"),
    ("nrr_below_target", "nrr nineteen", "no data", "none"),
]


def only(rule: Rule, warehouse: Warehouse, filters: Filters) -> Insight:
    """What one rule says of the selection."""
    (found,) = RuleEngine([rule]).insights(warehouse, filters)
    return found
