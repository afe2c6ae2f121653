"""The rules, one module per question; the list below is what runs."""

from revops.insights.rules.benchmarks import conversion_below_benchmark, cost_per_lead_off_range
from revops.insights.rules.books import broken_book, restated_past
from revops.insights.rules.churn import churn
from revops.insights.rules.cohorts import cohort_decay
from revops.insights.rules.concentration import concentration
from revops.insights.rules.contraction import contraction
from revops.insights.rules.cost_per_lead import cost_per_lead
from revops.insights.rules.coverage import coverage_gap
from revops.insights.rules.data import stale_file, withheld_money
from revops.insights.rules.economics import ltv_to_cac, payback
from revops.insights.rules.funnel import weak_funnel_step
from revops.insights.rules.growth import forecast_risk
from revops.insights.rules.owners import owner_win_rates
from revops.insights.rules.retention import grr_below_target, nrr_below_target
from revops.insights.rules.returns import low_return, top_channel
from revops.insights.rules.slippage import slippage
from revops.insights.rules.spend import saturation, wasted_spend
from revops.insights.rules.standstill import serial_pushers, stage_bottleneck
from revops.insights.rules.stuck import stuck_deals
from revops.insights.rules.velocity import velocity
from revops.insights.rules.win_rate import low_win_rate
from revops.insights.rules.win_rate_mix import win_rate_mix

RULES = (
    top_channel,
    low_return,
    cost_per_lead,
    cost_per_lead_off_range,
    conversion_below_benchmark,
    weak_funnel_step,
    saturation,
    wasted_spend,
    coverage_gap,
    low_win_rate,
    win_rate_mix,
    owner_win_rates,
    slippage,
    serial_pushers,
    stuck_deals,
    stage_bottleneck,
    velocity,
    forecast_risk,
    churn,
    contraction,
    nrr_below_target,
    grr_below_target,
    concentration,
    cohort_decay,
    payback,
    ltv_to_cac,
    stale_file,
    withheld_money,
    restated_past,
    broken_book,
)

__all__ = ["RULES"]
