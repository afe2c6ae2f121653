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
            "intermediate/customer_month_ends",
            "intermediate/customer_lifetimes",
            "intermediate/short_stays",
            "intermediate/month_openings",
            "intermediate/month_closings",
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
            "tests/test_sql_revenue.py",
            "tests/test_sql_revenue_windows.py",
            "tests/test_sql_revenue_snapshot.py",
        ),
    ),
)

# model -> {the line as it becomes: why no input can tell the two apart}
ALIKE: dict[str, dict[str, str]] = {}


def reason_it_lives(mutant: Mutant) -> str:
    """Why the mutant answers as the model does; empty for one that a test can notice."""
    return ALIKE.get(mutant.model, {}).get(mutant.becomes, "")
