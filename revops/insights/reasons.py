"""What lost customers gave as their reason."""

from dataclasses import dataclass

from revops import reports
from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.intervals import wilson
from revops.insights.model import Evidence
from revops.statements import Statement
from revops.warehouse import Warehouse

SHARE = "select customer_share as value, churned_customers as customers"


@dataclass(frozen=True)
class Reason:
    """A reason with the customers who gave it, of all who left in the window."""

    name: str
    customers: int
    of: int

    @property
    def share(self) -> float:
        """Share of all who left."""
        return self.customers / self.of

    def evidence(self, context: Context, scope: Filters) -> Evidence:
        """The share as evidence, with its SQL."""
        asked = reports.statement(context.warehouse, "churn_reasons", scope)
        text = f"{SHARE} {asked.text} where churn_reason = $reason"
        return Evidence(
            metric="churn_reason_share",
            label=f"Lost customers who named {self.name}",
            value=self.share,
            unit="ratio",
            sql=Statement(text, {**asked.params, "reason": self.name}).literal(),
            n=self.of,
            interval=wilson(self.customers, self.of),
        )


def reasons(warehouse: Warehouse, scope: Filters) -> list[Reason]:
    """Every reason in the window, the most frequent first."""
    frame = reports.query(warehouse, "churn_reasons", scope)
    lost = int(frame["churned_customers"].sum() or 0)
    return [
        Reason(row["churn_reason"], int(row["churned_customers"]), lost)
        for row in frame.iter_rows(named=True)
    ]


def main_reason(found: list[Reason]) -> Reason | None:
    """The reason named most, when its interval lies above the next one's share."""
    named = [reason for reason in found if reason.name != "unknown"]
    if not named:
        return None
    first, *others = named
    interval = wilson(first.customers, first.of)
    runner_up = others[0].share if others else 0.0
    return first if interval and interval.low > runner_up else None
