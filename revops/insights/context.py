"""What a rule works with: the warehouse, the filters, its thresholds and ready questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from revops import metrics, units
from revops.filters import Filters
from revops.insights.model import Status
from revops.statements import Statement
from revops.warehouse import Warehouse

# The mean month, for money per month.
MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class Context:
    """One rule's view of a build."""

    warehouse: Warehouse
    filters: Filters
    thresholds: Mapping[str, float]

    @property
    def as_of(self) -> date:
        """The day the numbers describe."""
        return self.warehouse.build.as_of

    def window(self) -> Filters:
        """The filters; without dates of their own, the rule's last `window_days`."""
        if self.filters.since or self.filters.until:
            return self.filters
        after = self.as_of + timedelta(days=1)
        days = timedelta(days=self.thresholds["window_days"])
        return self.filters.with_window(after - days, after)

    def before(self, window: Filters, days: float) -> Filters | None:
        """The `days` before a window; None when the window has no start."""
        if window.since is None:
            return None
        return window.with_window(window.since - timedelta(days=days), window.since)

    def metric(
        self,
        columns: str,
        domain: str,
        filters: Filters,
        by: str | None = None,
        member: str | None = None,
    ) -> Statement:
        """`select columns` from a domain's metrics: the total, all slices, or one slice."""
        asked = metrics.statement(self.warehouse, domain, filters, by)
        params: dict[str, Any] = dict(asked.params)
        rows = "not is_total" if by else "is_total"
        if member is not None:
            params["member"] = member
            rows = "slice = $member"
        return Statement(f"select {columns} {asked.text} where {rows}", params)

    def rows(self, statement: Statement) -> list[dict[str, Any]]:
        """Every row of the answer, money and counts as numbers to calculate with."""
        return self.warehouse.query(statement.text, statement.params).to_dicts()

    def row(self, statement: Statement) -> dict[str, Any]:
        """The first row of the answer; an empty mapping when there is none."""
        return next(iter(self.rows(statement)), {})

    def kept(self, filters: Filters, columns: Mapping[str, str]) -> Statement:
        """The filters as conditions that each begin with "and", for a statement of one's own.

        `columns` says which column a filter goes by; a filter without a column is not applied.
        """
        given = filters.params()
        named = {name: column for name, column in columns.items() if name in given}
        return Statement(
            "".join(f"\n    and {_condition(name, column)}" for name, column in named.items()),
            {name: given[name] for name in named},
        )

    def status(self, adjusted_p: float | None, impact: float | None) -> Status:
        """What a test for the worse is worth: sure enough, and by enough money per month."""
        limits = self.thresholds
        if adjusted_p is None or adjusted_p > limits["watch_q"]:
            return "good"
        if impact is not None and impact < limits["minimum_impact_per_month"]:
            return "good"
        # what nobody can put a price on is worth a look, and no alarm
        return "alert" if adjusted_p <= limits["alert_q"] and impact is not None else "watch"

    def words(self, value: Any, unit: str) -> str:
        """A value as the headline says it."""
        return units.format(value, unit, self.warehouse.build.currency)

    def points(self, change: float) -> str:
        """A change of a share as the headline says it: "+2.4 points"."""
        return units.change(change, 0, "ratio").text

    def months(self, window: Filters) -> float | None:
        """How long a window is; None when it has no start or no end."""
        if window.since is None or window.until is None:
            return None
        return (window.until - window.since).days / MONTH_DAYS

    def scope(self, filters: Filters, **members: str) -> Filters:
        """The filters narrowed to the members an insight speaks of."""
        kept: dict[str, Any] = {name: (member,) for name, member in members.items()}
        return replace(filters, **kept)


def _condition(name: str, column: str) -> str:
    if name == "since":
        return f"{column} >= $since"
    if name == "until":
        return f"{column} < $until"
    return f"list_contains(${name}, {column})"
