"""From verdicts to grades: shares of worlds, each with its Wilson interval."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from revops.insights.intervals import wilson
from tests.grading.judge import Verdict
from tests.grading.planted import NOTHING, TOGETHER

ALERT = ("alert",)
NEWS = ("alert", "watch")


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @classmethod
    def where(cls, flags: Iterable[bool]) -> Self:
        """The flags that are set."""
        known = list(flags)
        return cls(sum(known), len(known))

    @property
    def value(self) -> float | None:
        """0–1; None of nothing."""
        return self.count / self.of if self.of else None

    def to_json(self) -> dict[str, Any]:
        """With the interval's ends."""
        interval = wilson(self.count, self.of)
        ends = (interval.low, interval.high) if interval else (None, None)
        return {
            "count": self.count,
            "of": self.of,
            "share": self.value,
            "low": ends[0],
            "high": ends[1],
        }

    def __str__(self) -> str:
        interval = wilson(self.count, self.of)
        if interval is None or self.value is None:
            return "–"
        return f"{self.value:.1%} ({interval.low:.0%}–{interval.high:.0%})"


@dataclass(frozen=True)
class StoryGrade:
    """How one story at one strength was told, by itself or together with the others.

    `recall` counts the worlds whose story is an alert, `told` alert or watch. The driver
    counts among the told. `precision` is the share of alerts that speak of the story,
    leaving out those that follow from it.
    """

    story: str
    strength: float
    together: bool
    recall: Share
    told: Share
    driver: Share
    precision: Share

    @classmethod
    def of(cls, story: str, strength: float, together: bool, verdicts: Sequence[Verdict]) -> Self:
        """The grade of these worlds."""
        told = [verdict for verdict in verdicts if verdict.is_caught(*NEWS)]
        right = sum(said.status in ALERT for verdict in verdicts for said in verdict.caught)
        wrong = sum(said.status in ALERT for verdict in verdicts for said in verdict.false)
        return cls(
            story,
            strength,
            together,
            Share.where(verdict.is_caught(*ALERT) for verdict in verdicts),
            Share(len(told), len(verdicts)),
            Share.where(verdict.names_driver for verdict in told),
            Share(right, right + wrong),
        )


@dataclass(frozen=True)
class QuietGrade:
    """How many worlds without a story raise an alert, and how many at least a watch."""

    worlds: str
    alerts: Share
    news: Share

    @classmethod
    def of(cls, worlds: str, verdicts: Sequence[Verdict]) -> Self:
        """The grade of these worlds."""
        return cls(
            worlds,
            Share.where(verdict.is_false(*ALERT) for verdict in verdicts),
            Share.where(verdict.is_false(*NEWS) for verdict in verdicts),
        )


@dataclass(frozen=True)
class Grades:
    """Everything a run found out. `alarms` counts worlds without a story by (rule, status)."""

    stories: tuple[StoryGrade, ...]
    quiet: tuple[QuietGrade, ...]
    alarms: tuple[tuple[str, str, int], ...]
    seconds: float

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> Self:
        """Grade by story and strength, and the worlds without a story as a whole and by season."""
        kinds: dict[tuple[str, float, bool], list[Verdict]] = {}
        for verdict in verdicts:
            planted = verdict.planted
            kind = (verdict.story, planted.strength, planted.story == TOGETHER)
            kinds.setdefault(kind, []).append(verdict)
        stories = [
            StoryGrade.of(*kind, kinds[kind]) for kind in sorted(kinds) if kind[0] != NOTHING
        ]
        null = [verdict for verdict in verdicts if verdict.planted.story == NOTHING]
        dips = [verdict for verdict in null if verdict.planted.follows_a_dip]
        others = [verdict for verdict in null if not verdict.planted.follows_a_dip]
        quiet = (
            ("all", null),
            ("in or just after a seasonal dip", dips),
            ("far from a dip", others),
        )
        alarms = Counter(
            (said.rule, said.status) for v in null for said in v.false if said.status in NEWS
        )
        times = sorted(verdict.answer.seconds for verdict in verdicts)
        return cls(
            tuple(stories),
            tuple(QuietGrade.of(*each) for each in quiet if each[1]),
            tuple((*key, count) for key, count in alarms.most_common()),
            times[len(times) // 2] if times else 0.0,
        )
