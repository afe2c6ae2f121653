"""How metrics that are neither a sum nor one division follow from the rows behind them.

Written over the columns of `reports.evidence_*`, whose names are those of the metrics.
"""

# What says which row it is; everything else in the rows is a figure.
ATTRIBUTES = (
    "account",
    "customer_id",
    "channel",
    "campaign",
    "segment",
    "plan",
    "region",
    "owner",
    "stage",
    "amount",
)

_LINKED_WON = (
    "case when count(linked_won_deals) > 0 then sum(linked_won_amount) "
    "when count(linked_spend) > 0 then 0 end"
)
_LINKED_GAIN = f"{_LINKED_WON} - sum(linked_spend)"
_WIN_RATE = "sum(decided_won_deals) / nullif(sum(decided_deals), 0)"
_VELOCITY = f"sum(open_deals) * {_WIN_RATE} * avg(won_amount)"
_WILSON = (
    "(coalesce(sum(decided_won_deals), 0) + 1.920729 {sign} 1.959964 * sqrt("
    "coalesce(sum(decided_won_deals), 0) * (1 - coalesce(sum(decided_won_deals), 0) / "
    "nullif(sum(decided_deals), 0)) + 0.960365)) / (sum(decided_deals) + 3.841459)"
)
_MARGIN = "sum(gross_profit_12m) / nullif(sum(revenue_12m), 0)"
_ARPA = "sum(closing_mrr) / nullif(sum(paying_customers), 0)"
_CHURN = "sum(lost_mrr_12m) / nullif(sum(opening_mrr_12m), 0)"
_LTV = f"{_ARPA} * ({_MARGIN}) / nullif({_CHURN}, 0)"
_CAC = "sum(sales_marketing_expense_3m) / nullif(sum(new_customers_3m), 0)"
_ASP = "sum(new_mrr_3m) / nullif(sum(new_customers_3m), 0)"

FORMULAS: dict[tuple[str, str], str] = {
    ("marketing", "linked_won_deals"): (
        "case when count(linked_won_deals) + count(linked_spend) > 0 "
        "then coalesce(sum(linked_won_deals), 0) end"
    ),
    ("marketing", "linked_won_amount"): _LINKED_WON,
    ("marketing", "linked_gain"): _LINKED_GAIN,
    ("marketing", "roi"): f"({_LINKED_GAIN}) / nullif(sum(linked_spend), 0)",
    ("pipeline", "sales_cycle_median_days"): "quantile_cont(won_cycle_days, 0.5)",
    ("pipeline", "sales_cycle_p75_days"): "quantile_cont(won_cycle_days, 0.75)",
    ("pipeline", "mean_won_amount"): "avg(won_amount)",
    ("pipeline", "mean_cycle_days"): "avg(won_cycle_days)",
    ("pipeline", "velocity_amount"): _VELOCITY,
    ("pipeline", "velocity_per_day"): f"{_VELOCITY} / nullif(avg(won_cycle_days), 0)",
    ("pipeline", "win_rate_low"): _WILSON.format(sign="-"),
    ("pipeline", "win_rate_high"): _WILSON.format(sign="+"),
    ("finance", "ltv"): _LTV,
    ("finance", "ltv_to_cac"): f"{_LTV} / nullif({_CAC}, 0)",
    ("finance", "cac_payback_months"): (
        f"case when {_ASP} * ({_MARGIN}) > 0 then {_CAC} / ({_ASP} * ({_MARGIN})) end"
    ),
    ("finance", "magic_number"): (
        "4 * (sum(revenue_3m) - sum(previous_revenue_3m)) "
        "/ nullif(sum(previous_sales_marketing_expense_3m), 0)"
    ),
    ("finance", "burn_multiple"): (
        "case when sum(net_new_arr) > 0 then sum(net_burn_12m) / sum(net_new_arr) end"
    ),
    ("finance", "rule_of_40"): (
        "sum(revenue_12m) / nullif(sum(previous_revenue_12m), 0) - 1 "
        "- sum(net_burn_12m) / nullif(sum(revenue_12m), 0)"
    ),
}
