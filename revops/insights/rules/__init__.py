"""The rules, one module per question; the list below is what runs."""

from revops.insights.rules.churn import churn
from revops.insights.rules.cost_per_lead import cost_per_lead
from revops.insights.rules.funnel import weak_funnel_step
from revops.insights.rules.retention import nrr_below_target
from revops.insights.rules.returns import low_return, top_channel
from revops.insights.rules.slippage import slippage
from revops.insights.rules.stuck import stuck_deals
from revops.insights.rules.velocity import velocity
from revops.insights.rules.win_rate import low_win_rate
from revops.insights.rules.win_rate_mix import win_rate_mix

RULES = (
    top_channel,
    low_return,
    cost_per_lead,
    weak_funnel_step,
    low_win_rate,
    win_rate_mix,
    slippage,
    stuck_deals,
    velocity,
    churn,
    nrr_below_target,
)

__all__ = ["RULES"]
