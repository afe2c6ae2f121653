"""The columns of the tabs' tables, as people read them."""

from dashboard.tables import Column

MONTHS = (
    Column("month", "Month", "month"),
    Column("opening_mrr", "Opening", "money"),
    Column("new_mrr", "New", "money"),
    Column("reactivation_mrr", "Reactivation", "money"),
    Column("expansion_mrr", "Expansion", "money"),
    Column("transferred_in_mrr", "Moved in", "money"),
    Column("contraction_mrr", "Contraction", "money"),
    Column("churned_mrr", "Churned", "money"),
    Column("transferred_out_mrr", "Moved out", "money"),
    Column("closing_mrr", "Closing", "money"),
)
SEGMENTS = (
    Column("segment", "Segment"),
    Column("mrr", "MRR", "money"),
    Column("mrr_share", "Of MRR", "ratio"),
    Column("paying_customers", "Paying customers", "count"),
    Column("arpa", "ARPA", "money"),
    Column("nrr", "NRR", "ratio"),
    Column("grr", "GRR", "ratio"),
    Column("logo_churn", "Logo churn", "ratio"),
    Column("gross_mrr_churn", "Gross MRR churn", "ratio"),
)
CHURN = (
    Column("churn_reason", "Reason"),
    Column("segment", "Segment"),
    Column("tenure_band", "Tenure"),
    Column("lost_customers", "Customers lost", "count"),
    Column("share_of_lost_customers", "Of all lost", "ratio"),
    Column("churned_mrr", "MRR lost", "money"),
    Column("share_of_base", "Of base, a month", "ratio"),
    Column("mrr_share_of_base", "Of base MRR, a month", "ratio"),
)
OWNERS = (
    Column("win_rate_rank", "Rank", "count", 72),
    Column("owner", "Owner", width=132),
    Column("win_rate", "Win rate", "ratio"),
    Column("win_rate_low", "From", "ratio"),
    Column("win_rate_high", "To", "ratio"),
    Column("decided_deals", "Decided", "count"),
    Column("won_deals", "Won", "count"),
    Column("won_amount", "Won amount", "money"),
    Column("open_deals", "Open", "count"),
    Column("open_pipeline", "Open pipeline", "money"),
    Column("sales_cycle_median_days", "Cycle, days", "days"),
    Column("stuck_deals", "Stuck", "count"),
)
STUCK = (
    Column("deal_id", "Deal"),
    Column("account", "Account", width=126),
    Column("owner", "Owner"),
    Column("segment", "Segment"),
    Column("stage", "Stage"),
    Column("amount", "Amount", "money"),
    Column("days_in_stage", "Days there", "days"),
    Column("expected_close", "Expected", "date"),
    Column("channel", "Channel", width=132),
    Column("_file", "File", width=132),
    Column("_line", "Line", "count"),
)
SLIPPAGE = (
    Column("slice", "Owner", width=150),
    Column("due_deals", "Due", "count"),
    Column("won_share", "Won", "ratio"),
    Column("lost_share", "Lost", "ratio"),
    Column("slipped_share", "Slipped", "ratio"),
    Column("other_share", "Otherwise", "ratio"),
    Column("slipped_deals", "Slipped deals", "count"),
    Column("slipped_amount", "Slipped amount", "money"),
    Column("pushes", "Pushes", "count"),
)
WIN_COHORTS = (
    Column("cohort_start", "Quarter from", "date"),
    Column("extent", "In the window"),
    Column("deals", "Deals", "count"),
    Column("won_in_90_days", "Won in 90 days", "ratio"),
    Column("won_in_180_days", "Won in 180 days", "ratio"),
    Column("won_so_far", "Won so far", "ratio"),
    Column("lost_so_far", "Lost so far", "ratio"),
    Column("still_open", "Still open", "ratio"),
)
PACE = (
    Column("period_start", "Period from", "date"),
    Column("metric", "Target for"),
    Column("segment", "Segment"),
    Column("owner", "Owner"),
    Column("target_value", "Target", "count"),
    Column("won_so_far", "So far", "count"),
    Column("share_of_target", "Of target", "ratio"),
    Column("expected_so_far", "Pace asks for", "count"),
    Column("ahead_by", "Ahead by", "count"),
    Column("projected_share", "At this pace", "ratio"),
)
CUSTOMER_MOVES = (
    Column("month", "Month", "month"),
    Column("movement", "Movement"),
    Column("opening_mrr", "Opening", "money"),
    Column("change", "Change", "money"),
    Column("closing_mrr", "Closing", "money"),
)
CUSTOMER_LINES = (
    Column("plan", "Plan"),
    Column("mrr", "MRR", "money"),
    Column("valid_from", "From", "date"),
    Column("last_day", "To", "date"),
    Column("_file", "File", width=138),
    Column("_line", "Line", "count"),
)
CUSTOMER_DEALS = (
    Column("deal_id", "Deal"),
    Column("stage", "Stage"),
    Column("owner", "Owner", width=132),
    Column("channel", "Channel", width=132),
    Column("amount", "Amount", "money"),
    Column("created_at", "Created", "date"),
    Column("close_date", "Closed", "date"),
    Column("_file", "File", width=138),
    Column("_line", "Line", "count"),
)
