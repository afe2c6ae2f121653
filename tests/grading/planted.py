"""Which world to build: a seed, what is planted in it, and how strongly."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from revops.data_generation import NO_STORIES, Stories, at_strength, only, plan

STORIES = ("cost_per_lead", "churn", "mix", "slippage")
NOTHING = "nothing"
# All stories in one world, as in the sample: four answers for the price of one.
TOGETHER = "together"
STRENGTHS = (0.5, 1.0, 2.0)
# Every as-of date of a year is as likely: quarters and months are seldom complete on it.
FIRST_AS_OF, DAYS = date(2026, 1, 1), 365


@dataclass(frozen=True)
class Planted:
    """One world to grade: `story` is one of STORIES, TOGETHER, or NOTHING with a strength of 0."""

    story: str
    strength: float
    seed: int

    @property
    def as_of(self) -> date:
        """The day the world is looked at, drawn from the seed."""
        chance = np.random.default_rng([self.seed, 1703])
        return FIRST_AS_OF + timedelta(days=int(chance.integers(DAYS)))

    @property
    def stories(self) -> Stories:
        """What is planted, with the place and date of the seed, at its strength."""
        if self.story == NOTHING:
            return NO_STORIES
        every = at_strength(plan(self.seed, self.as_of), self.strength)
        return every if self.story == TOGETHER else only(every, self.story)

    @property
    def names(self) -> tuple[str, ...]:
        """The stories there are to be told."""
        if self.story == TOGETHER:
            return STORIES
        return () if self.story == NOTHING else (self.story,)

    @property
    def follows_a_dip(self) -> bool:
        """Whether the slow August or the quiet year's end lies in the quarter before the as-of."""
        month, day = self.as_of.month, self.as_of.day
        return month <= 3 or 8 <= month <= 11 or (month == 12 and day >= 18)


def planned(stories: tuple[str, ...], strengths: tuple[float, ...], seeds: range) -> list[Planted]:
    """Every world of a grading, two without a story for each with one.

    Seeds come first, so that a run that is cut has graded all stories alike.
    """
    worlds = []
    for seed in seeds:
        worlds += [
            Planted(story, strength, seed)
            for story in stories
            if story != NOTHING
            for strength in strengths
        ]
        if NOTHING in stories:
            worlds += [Planted(NOTHING, 0.0, each) for each in (seed, seed + len(seeds))]
    return worlds
