"""What a rule works with: the warehouse, the filters, its thresholds and ready questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from revops import metrics, units
from revops.filters import Filters
from revops.statements import Statement
from revops.warehouse import Warehouse


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

    def words(self, value: Any, unit: str) -> str:
        """A value as the headline says it."""
        return units.format(value, unit, self.warehouse.build.currency)

    def scope(self, filters: Filters, **members: str) -> Filters:
        """The filters narrowed to the members an insight speaks of."""
        kept: dict[str, Any] = {name: (member,) for name, member in members.items()}
        return replace(filters, **kept)
