"""Which models are turned around, which tests must notice, and which flips change nothing."""

from dataclasses import dataclass

from tests.mutation.mutants import Mutant


@dataclass(frozen=True)
class Group:
    """Models, and the tests worked by hand that stand for them; quickest tests first."""

    name: str
    models: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS = (
    Group(
        "revenue",
        (
            "intermediate/subscription_periods",
            "intermediate/subscription_states",
            "intermediate/customer_states",
            "intermediate/snapshot_states",
            "intermediate/attribute_sets",
            "intermediate/customer_month_ends",
            "intermediate/departures",
            "intermediate/customer_lifetimes",
            "intermediate/short_stays",
            "intermediate/month_openings",
            "intermediate/month_closings",
            "intermediate/cohort_breaks",
            "intermediate/month_cohorts",
            "intermediate/revenue_months",
            "intermediate/revenue_days",
            "intermediate/account_channels",
            "marts/customer_months",
            "marts/mrr_transfers",
            "marts/mrr_movements",
            "marts/mrr_movements_monthly",
            "metrics/revenue",
            "reports/mrr_waterfall",
        ),
        (
            "tests/test_sql_revenue_filters.py",
            "tests/test_sql_revenue_weeks.py",
            "tests/test_sql_revenue_windows.py",
            "tests/test_sql_revenue.py",
            "tests/test_sql_revenue_snapshot.py",
            "tests/test_sql_snapshots.py",
            "tests/test_sql_snapshot_corrections.py",
            "tests/test_sql_grain.py",
        ),
    ),
    Group(
        "spans",
        (
            "intermediate/ledger_days",
            "intermediate/deal_statements",
            "marts/deal_states",
            "reports/deal_states_known_on",
        ),
        ("tests/test_sql_two_clocks.py", "tests/test_sql_deal_states.py"),
    ),
    Group(
        "waterfall",
        (
            "reports/deals_on",
            "reports/deal_ends",
            "reports/pipeline_movements",
            "reports/deal_pushes",
            "reports/slippage_deals",
        ),
        (
            "tests/test_sql_due_windows.py",
            "tests/test_sql_waterfall.py",
            "tests/test_sql_slippage.py",
        ),
    ),
)

# model -> {the line as it becomes: why no input can tell the two apart}
ALIKE = {
    "intermediate/subscription_periods": {
        "or coverage.mrr_source = 'subscriptions'": "no day after the as-of date is measured",
    },
    "intermediate/cohort_breaks": {
        "rows between 11 preceding and current row": "the cohort paid at that month end",
        "year_ends.earlier_mrr >= 0": "who did not pay then is in no cohort",
        "and year_ends.mrr >= 0": "who pays nothing now keeps nothing, broken off or not",
    },
    "intermediate/departures": {
        "having max(states.valid_to) <= date '9999-12-31'": "no month is measured as late as that",
    },
    "intermediate/ledger_days": {
        "where history.subject = 'deals' or history.is_heard": "a date on which nothing was heard"
        " of deals tells what the date before told",
    },
    "reports/deal_ends": {
        "and closing.valid_from >= from_date": "one more candidate, left out again below",
    },
    "reports/pipeline_movements": {
        "when ends.expected_close_at_end <= window_start": "due on its first day is due",
    },
    "marts/customer_months": {
        "when history.mrr >= history.opening_mrr then 'expansion'": "equal MRR was answered above",
        "when history.mrr <= history.opening_mrr then 'contraction'": "answered above",
    },
    "metrics/revenue": {
        "and daily.date >= (": "days measured with the month are left out once more below",
        "or daily.date > (": "the same: this condition only spares reading",
        "where windows.measured_on <= windows.last_date": "the same",
    },
}


def reason_it_lives(mutant: Mutant) -> str:
    """Why the mutant answers as the model does; empty for one that a test can notice."""
    return ALIKE.get(mutant.model, {}).get(mutant.becomes, "")
