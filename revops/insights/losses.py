"""Customers lost in a few months, beside the year before, by segment and reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from revops import reports
from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.intervals import p_so_many
from revops.periods import add_months
from revops.statements import Statement

COUNTS = "sum(lost_customers)::bigint as lost, sum(opening_customers)::bigint as at_risk"
UNKNOWN = "unknown"
Reasons = Mapping[str, int]


@dataclass(frozen=True)
class Losses:
    """One segment's losses in a window of months and in the months before it.

    `at_risk` counts a customer once per month. `reasons` and `reasons_before` hold what the
    lost customers named. `tests` is how many p values of the run this one is drawn from.
    """

    segment: str
    window: Filters
    lost: int
    at_risk: int
    lost_before: int
    at_risk_before: int
    reasons: Reasons
    reasons_before: Reasons
    tests: int = 1

    @property
    def rate(self) -> float:
        """Share lost per month."""
        return self.lost / self.at_risk

    @property
    def before(self) -> float:
        """Share lost per month in the months before."""
        return self.lost_before / self.at_risk_before

    @property
    def part(self) -> float:
        """The window's share of all that was at risk."""
        return self.at_risk / (self.at_risk + self.at_risk_before)

    def p_of_reason(self, reason: str) -> float:
        """How often chance alone would let so many more name it."""
        now = self.reasons.get(reason, 0)
        return p_so_many(now, now + self.reasons_before.get(reason, 0), self.part)

    def surplus(self, reason: str) -> float:
        """Customers who named it beyond what the months before let expect."""
        usual = self.reasons_before.get(reason, 0) / self.at_risk_before * self.at_risk
        return self.reasons.get(reason, 0) - usual

    @property
    def known_reasons(self) -> tuple[str, ...]:
        """What was named at all, the largest surplus first."""
        named = (reason for reason in self.reasons if reason != UNKNOWN)
        return tuple(sorted(named, key=lambda reason: (-self.surplus(reason), reason)))

    @property
    def p_value(self) -> float:
        """The least likely of the segment's total and its reasons, after allowing for all tests."""
        total = p_so_many(self.lost, self.lost + self.lost_before, self.part)
        single = [self.p_of_reason(reason) for reason in self.known_reasons]
        return min(1.0, self.tests * min([total, *single]))


def losses(context: Context, months: int, look_back: int, baseline: int) -> list[Losses]:
    """Every segment in every window of `months` within the last `look_back` complete months."""
    after = context.as_of + timedelta(days=1)
    until = min(context.filters.until or after, after).replace(day=1)
    ends = [add_months(until, -back) for back in range(look_back - months + 1)]
    found: list[Losses] = []
    for end in ends:
        since = add_months(end, -months)
        window = context.filters.with_window(since, end)
        before = context.filters.with_window(add_months(since, -baseline), since)
        found += _in_window(context, window, before)
    tests = sum(1 + len(case.known_reasons) for case in found)
    return [Losses(**{**vars(case), "tests": tests}) for case in found]


def _in_window(context: Context, window: Filters, before: Filters) -> Iterator[Losses]:
    now, then = _reasons(context, window), _reasons(context, before)
    slices = context.rows(context.metric("slice", "revenue", window, by="segment"))
    for segment in (row["slice"] for row in slices):
        scopes = (context.scope(each, segments=segment) for each in (window, before))
        counts = [_counts(context, scope) for scope in scopes]
        if counts[0] and counts[1]:
            (lost, at_risk), (lost_before, at_risk_before) = counts[0], counts[1]
            yield Losses(
                segment, window, lost, at_risk, lost_before, at_risk_before,
                now.get(segment, {}), then.get(segment, {}),
            )  # fmt: skip


def _counts(context: Context, scope: Filters) -> tuple[int, int] | None:
    """None when the history of the months is not known, or nobody was at risk."""
    row = context.row(context.metric(COUNTS, "revenue", scope, by="month"))
    return (row["lost"], row["at_risk"]) if row.get("lost") is not None and row["at_risk"] else None


def _reasons(context: Context, window: Filters) -> dict[str, dict[str, int]]:
    """Lost customers by segment and reason."""
    asked = reports.statement(context.warehouse, "churn_analysis", window)
    text = (
        f"select segment, churn_reason, sum(lost_customers)::bigint as lost {asked.text} "
        "where not is_total and lost_customers > 0 group by all order by all"
    )
    found: dict[str, dict[str, int]] = {}
    for row in context.rows(Statement(text, asked.params)):
        found.setdefault(row["segment"], {})[row["churn_reason"]] = row["lost"]
    return found
