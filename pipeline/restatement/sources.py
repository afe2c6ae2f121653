"""From which day on a row of an input file says something else than it did."""

from collections.abc import Mapping
from dataclasses import dataclass

# Where only the end moved, the row says the same up to the earlier end.
_SUBSCRIPTION = """
    case
        when
            before.mrr = now.mrr
            and before.customer_id = now.customer_id
            and before.plan is not distinct from now.plan
            then least(before.end_date, now.end_date)
        else least(before.start_date, now.start_date)
    end
"""
# A closed deal counts on the day it closed; an open one on the day the file speaks of.
_DEAL = """
    least(
        case when before.status <> 'Open' then before.last_stage_change end,
        case when now.status <> 'Open' then now.last_stage_change end,
        case when before.status = 'Open' or now.status = 'Open' then build.as_of end
    )
"""
_SUPPLIED_RATIOS = ("CAC", "CPL", "CTR", "CVR_stagewise")
_STATED_TODAY = (
    "plan", "mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_flag",
    "churn_date", "churn_reason", "arpa", "nrr", "account", "geo",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """How rows of one dataset bear on closed months.

    `affects_from` is SQL over the aliases `before`, `now` and `build`: the first day on
    which the two versions of a row differ in what they say. Columns that no value of a
    closed month rests on are `left_out` of the comparison.
    """

    affects_from: str
    left_out: tuple[str, ...] = ()


SOURCES: Mapping[str, Source] = {
    "marketing_channels": Source("coalesce(now.date, before.date)", _SUPPLIED_RATIOS),
    "pipeline_deals": Source(_DEAL, ("days_in_stage", "expected_value")),
    "deal_history": Source(
        "coalesce(now.snapshot_date, before.snapshot_date)", ("days_in_stage", "expected_value")
    ),
    "revenue_customers": Source("least(before.start_date, now.start_date)", _STATED_TODAY),
    "subscriptions": Source(_SUBSCRIPTION),
    "finance": Source("coalesce(now.month, before.month)"),
}
# What the pipeline makes of files before any model reads it.
MADE_OF: Mapping[str, tuple[str, ...]] = {
    "deal_ledger": ("deal_history", "pipeline_deals"),
    "customer_ledger": ("revenue_customers",),
}
