"""Which choices each policy leaves a company, and the metrics that they touch."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pipeline.policy import WEEK_STARTS, WIN_RATES, Policy

Choose = Callable[[Any], tuple[Any, ...]]


@dataclass(frozen=True)
class Question:
    """What one policy does to some metrics of one domain.

    `choices` gives, from the value in force, the values to compare, which include it.
    `period` asks about the last complete period of that kind instead of all the data.
    Metrics that are not named but differ are found when the choices are worked out.
    """

    policy: str
    domain: str
    metrics: tuple[str, ...]
    choices: Choose
    period: str | None = None

    @property
    def macro(self) -> str:
        return f"metrics.{self.domain}"

    def policies(self, in_force: Policy) -> tuple[Policy, ...]:
        """The policies in force with this one's choices, one after the other."""
        values = self.choices(getattr(in_force, self.policy))
        return tuple(replace(in_force, **{self.policy: value}) for value in values)


def _both(_: bool) -> tuple[bool, ...]:
    return (True, False)


def _days_around(days: int) -> tuple[int, ...]:
    """Half a month less and more."""
    return tuple(sorted({max(days - 15, 0), days, days + 15}))


def _amounts_around(amount: float) -> tuple[float, ...]:
    """Half and double; from 0 there is only up."""
    return (amount / 2, amount, amount * 2) if amount else (0.0, 25_000.0, 50_000.0)


def _quarterings(month: int) -> tuple[int, ...]:
    """Quarters repeat every three months: there are only three ways to cut a year."""
    return tuple(sorted({(month - 1 + shift) % 12 + 1 for shift in range(3)}))


def _win_rates(_: str) -> tuple[str, ...]:
    return WIN_RATES


def _week_starts(_: str) -> tuple[str, ...]:
    return WEEK_STARTS


QUESTIONS = (
    Question("nrr_includes_reactivated", "revenue", ("nrr", "grr"), _both),
    Question(
        "trials_are_customers",
        "revenue",
        ("paying_customers", "arpa", "logo_churn", "lifetime_churn_share"),
        _both,
    ),
    Question("trials_are_customers", "finance", ("ltv", "ltv_to_cac"), _both),
    Question(
        "logos_joined_and_left_count", "revenue", ("logo_churn", "lifetime_churn_share"), _both
    ),
    Question(
        "win_rate", "pipeline", ("win_rate", "win_rate_by_amount", "velocity_per_day"), _win_rates
    ),
    Question("stuck_days", "pipeline", ("stuck_deals", "stuck_amount"), _days_around),
    Question("stuck_amount", "pipeline", ("stuck_deals", "stuck_amount"), _amounts_around),
    Question(
        "fiscal_year_start_month",
        "pipeline",
        ("won_deals", "won_amount", "win_rate"),
        _quarterings,
        "quarter",
    ),
    Question("fiscal_year_start_month", "revenue", ("mrr",), _quarterings, "quarter"),
    Question(
        "fiscal_year_start_month", "marketing", ("spend", "leads", "cpl"), _quarterings, "quarter"
    ),
    Question("week_start", "marketing", ("spend", "leads", "cpl"), _week_starts, "week"),
    Question("week_start", "pipeline", ("won_deals", "won_amount"), _week_starts, "week"),
)
