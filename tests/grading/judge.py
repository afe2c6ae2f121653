"""Whether a world's news tells its story: caught, its right driver first, or a false alarm."""

from dataclasses import dataclass

from tests.grading.answer import Answer, Said
from tests.grading.planted import NOTHING, Planted


@dataclass(frozen=True)
class Expected:
    """Which rules tell a story, which may rightly speak up because of it, and who did it.

    `culprits` are the words that the first driver and the headline must name together.
    """

    tells: tuple[str, ...]
    follows: tuple[str, ...]
    culprits: tuple[str, ...]


# What a story rightly drags along: these are neither caught stories nor false alarms.
FOLLOWS = {
    "cost_per_lead": (
        "cost_per_lead_off_range", "saturation", "wasted_spend", "low_return", "payback",
        "ltv_to_cac",
    ),
    "churn": (
        "nrr_below_target", "grr_below_target", "cohort_decay", "forecast_risk", "ltv_to_cac",
    ),
    "mix": (
        "low_win_rate", "velocity", "coverage_gap", "forecast_risk", "payback", "ltv_to_cac",
    ),
    "slippage": (
        "serial_pushers", "stuck_deals", "stage_bottleneck", "velocity", "coverage_gap",
        "forecast_risk",
    ),
}  # fmt: skip


def expected(planted: Planted, name: str) -> Expected:
    """What is to be heard of one of a world's stories."""
    stories, follows = planted.stories, FOLLOWS[name]
    if name == "cost_per_lead" and stories.cost_per_lead:
        place = (stories.cost_per_lead.channel, stories.cost_per_lead.segment)
        return Expected(("cost_per_lead",), follows, place)
    if name == "churn" and stories.churn:
        who = (stories.churn.segment, stories.churn.reason)
        return Expected(("churn",), follows, who)
    if name == "mix" and stories.mix:
        return Expected(("win_rate_mix",), follows, ("Mix of segments",))
    if name == "slippage" and stories.slippage:
        return Expected(("slippage",), follows, (stories.slippage.owner,))
    raise ValueError(f"{name} is not planted in {planted}")


@dataclass(frozen=True)
class Verdict:
    """How one story of a world was told; `false` are the insights that speak of nothing planted.

    `story` is NOTHING where nothing is planted.
    """

    answer: Answer
    story: str
    caught: tuple[Said, ...]
    names_driver: bool
    false: tuple[Said, ...]

    @property
    def planted(self) -> Planted:
        """The world."""
        return self.answer.planted

    def is_caught(self, *statuses: str) -> bool:
        """Whether the story was told as one of the statuses."""
        return any(said.status in statuses for said in self.caught)

    def is_false(self, *statuses: str) -> bool:
        """Whether something not planted was told as one of the statuses."""
        return any(said.status in statuses for said in self.false)


def judge(answer: Answer) -> tuple[Verdict, ...]:
    """Compare what was said with what was planted: a verdict per story, or one on the quiet."""
    planted = answer.planted
    wanted = {name: expected(planted, name) for name in planted.names}
    meant = {rule for one in wanted.values() for rule in (*one.tells, *one.follows)}
    false = tuple(said for said in answer.news if said.rule not in meant)
    if not wanted:
        return (Verdict(answer, NOTHING, (), False, false),)
    return tuple(_verdict(answer, name, one, false) for name, one in wanted.items())


def _verdict(answer: Answer, name: str, wanted: Expected, false: tuple[Said, ...]) -> Verdict:
    caught = tuple(said for said in answer.news if said.rule in wanted.tells)
    named = bool(caught) and all(word in _first_words(caught[0]) for word in wanted.culprits)
    return Verdict(answer, name, caught, named, false)


def _first_words(said: Said) -> str:
    """What a reader meets first: the headline, whom it speaks of, and the largest driver."""
    return " · ".join((said.headline, said.scope, *said.drivers[:1]))
