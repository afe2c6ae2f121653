"""What an insight is: a sentence, its status, and everything it rests on."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from revops.filters import Filters

Status = Literal["alert", "watch", "good", "no data"]
Severity = Literal["high", "medium", "low", "none"]
Category = Literal["marketing", "pipeline", "revenue", "data"]

STATUSES: tuple[Status, ...] = ("alert", "watch", "good", "no data")
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "none")
# The evidence that says what a finding costs, or would bring, in money per month.
IMPACT = "impact_per_month"


@dataclass(frozen=True)
class Interval:
    """Where the true value plausibly lies: 95 % unless `level` says otherwise."""

    low: float
    high: float
    method: str
    level: float = 0.95

    def shifted(self, by: float) -> "Interval":
        """The interval of the value plus `by`."""
        return Interval(self.low + by, self.high + by, self.method, self.level)


@dataclass(frozen=True)
class Effect:
    """How far a number lies from its baseline: in its own unit, or relative to the baseline."""

    value: float
    interval: Interval | None = None
    is_relative: bool = False


@dataclass(frozen=True)
class Evidence:
    """One number an insight rests on.

    `sql` is the statement that gives the number: run as printed in any DuckDB client, its
    first row holds it in the column `value`. `baseline` is what it was compared with, `n`
    how many cases stand behind it, `p_value` how often chance alone would differ so much,
    `adjusted_p` the same once every test of the run is counted (Benjamini–Hochberg).
    """

    metric: str
    label: str
    value: float | None
    unit: str
    sql: str
    baseline: float | None = None
    baseline_label: str = ""
    n: int | None = None
    interval: Interval | None = None
    p_value: float | None = None
    adjusted_p: float | None = None
    effect: Effect | None = None


@dataclass(frozen=True)
class Driver:
    """One part of what moved or holds the number: its name and its contribution."""

    label: str
    value: float
    unit: str
    share: float | None = None


@dataclass(frozen=True)
class Insight:
    """What a rule found, or that it found nothing, or that it could not know.

    `confidence` (0–1) follows from the evidence, see `revops.insights.confidence`; None
    when there is nothing to be confident about. `scope` are the filters that show the rows
    it speaks of. `is_news` is false when everything is in order or not known.
    """

    rule: str
    category: Category
    status: Status
    severity: Severity
    headline: str
    why: str
    evidence: tuple[Evidence, ...] = ()
    drivers: tuple[Driver, ...] = ()
    actions: tuple[str, ...] = ()
    confidence: float | None = None
    scope: Filters = field(default_factory=Filters)

    @property
    def is_news(self) -> bool:
        """Whether there is something to look at."""
        return self.severity != "none"

    @property
    def impact_per_month(self) -> float | None:
        """What it costs, or would bring, in money per month; None where nobody can say."""
        return next((one.value for one in self.evidence if one.metric == IMPACT), None)

    @property
    def sql(self) -> str:
        """The statement behind the headline's number; empty when there is none."""
        return self.evidence[0].sql if self.evidence else ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the scope as a link's query."""
        return {
            **asdict(self),
            "scope": self.scope.to_query(),
            "is_news": self.is_news,
            "impact_per_month": self.impact_per_month,
        }
