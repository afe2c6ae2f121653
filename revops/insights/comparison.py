"""A rule whose cases are the rows of one statement: each a number beside its baseline.

The statement gives `name`, `value`, `baseline`, `n` and `impact` (money per month, may be
empty), and whatever else its test needs. The same statement, narrowed to one name, is what
proves the number in the sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from revops.insights.context import Context
from revops.insights.finding import impact
from revops.insights.model import STATUSES, Driver, Effect, Evidence, Interval, Status
from revops.insights.question import PValues
from revops.statements import Statement

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A row with its test: `is_worse` says whether it differs for the worse, and by enough."""

    row: Row
    p_value: float | None
    is_worse: bool
    interval: Interval | None = None
    effect: Effect | None = None

    @property
    def name(self) -> str:
        """Whom the case speaks of."""
        return str(self.row["name"])

    @property
    def value(self) -> float:
        """The number."""
        return float(self.row["value"])

    @property
    def baseline(self) -> float:
        """What it is compared with."""
        return float(self.row["baseline"])

    @property
    def gap(self) -> float:
        """How far the number lies above its baseline."""
        return self.value - self.baseline

    @property
    def impact(self) -> float | None:
        """Money per month; None where nobody can say."""
        return None if self.row["impact"] is None else float(self.row["impact"])


@dataclass(frozen=True)
class Judged:
    """A case and what it is worth among all tests of the run."""

    case: Case
    adjusted_p: float | None
    status: Status


@dataclass(frozen=True)
class Comparison:
    """The statement of the cases, and how their numbers are called."""

    statement: Statement
    metric: str
    label: str
    unit: str
    baseline_label: str
    impact_label: str

    def cases(self, context: Context, tested: Callable[[Row], Case | None]) -> list[Case]:
        """Every row as a case; `tested` says None where too little is known."""
        rows = context.rows(self.statement)
        known = (row for row in rows if row["value"] is not None and row["baseline"] is not None)
        return [case for row in known if (case := tested(row)) is not None]

    def evidence(self, judged: Judged) -> tuple[Evidence, ...]:
        """The number of a case, and what it costs a month where that is known and a cost."""
        case = judged.case
        main = Evidence(
            metric=self.metric,
            label=self.label.format(name=case.name),
            value=case.value,
            unit=self.unit,
            sql=self._one(case, "value, cases.baseline, cases.n").literal(),
            baseline=case.baseline,
            baseline_label=self.baseline_label,
            n=int(case.row["n"]),
            interval=case.interval,
            p_value=case.p_value,
            adjusted_p=judged.adjusted_p,
            effect=case.effect or Effect(case.gap),
        )
        if case.impact is None or case.impact <= 0:
            return (main,)
        return main, impact(case.impact, self._one(case, "impact as value"), self.impact_label)

    def _one(self, case: Case, columns: str) -> Statement:
        text = f"select cases.{columns}\nfrom ({self.statement.text}) as cases\n"
        return Statement(
            f"{text}where cases.name = $the_name", {**self.statement.params, "the_name": case.name}
        )


def judge(context: Context, cases: Sequence[Case], adjusted: PValues) -> tuple[Judged, bool]:
    """The most pressing case, and whether it is news; without news the one nearest to it."""
    judged = [
        Judged(case, p, context.status(p, case.impact) if case.is_worse else "good")
        for case, p in zip(cases, adjusted, strict=True)
    ]
    worst = min(
        judged,
        key=lambda one: (
            STATUSES.index(one.status),
            -(one.case.impact or 0.0) if one.status != "good" else 0.0,
            1.0 if one.adjusted_p is None else one.adjusted_p,
            one.case.name,
        ),
    )
    return worst, worst.status != "good"


def drivers(cases: Sequence[Case], unit: str) -> tuple[Driver, ...]:
    """How far each case lies from its baseline, the furthest for the worse first."""
    ranked = sorted(cases, key=lambda case: (not case.is_worse, -abs(case.gap), case.name))
    return tuple(Driver(case.name, case.gap, unit) for case in ranked)
