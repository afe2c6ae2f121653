"""What is planted in the sample for an analyst to find, and how strongly.

`plan` chooses places and dates from the seed; a caller who wants another
strength replaces fields (`dataclasses.replace`) or leaves stories out. The
yearly dip in August and at the turn of the year is part of every world: it
repeats each year and is not news.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

import numpy as np

from revops.data_generation.days import month_start, quarter_start

PAID_CHANNELS = ("Google Ads", "Facebook Ads", "LinkedIn", "Content Marketing")
STORY_SEGMENTS = ("SMB", "MM")
STORY_OWNERS = ("Maya Chen", "Liam Ortiz", "Priya Nair", "Jonas Weber", "Sara Haddad", "Noah Clark")
# What slips, and who closes, where no story is; and a mix that carries twice the story's lift.
USUAL_SLIP_SHARE = 0.25
USUAL_MIX = (0.47, 0.31, 0.22)
HEAVIEST_MIX = (0.87, 0.11, 0.02)
LARGEST_STRENGTH = 2.0
STORY_REASONS = ("Missing features", "Competitor", "Poor adoption", "Support quality")


@dataclass(frozen=True)
class CostPerLeadStory:
    """Clicks in one channel and segment cost `factor` times as much; leads do not change."""

    channel: str
    segment: str
    start: date
    end: date
    factor: float = 1.4


@dataclass(frozen=True)
class ChurnStory:
    """Customers of one segment leave `factor` times as often; the surplus names one reason."""

    segment: str
    start: date
    end: date
    reason: str
    factor: float = 3.0


@dataclass(frozen=True)
class MixStory:
    """From `start` on each segment wins `rate_drop` less often, and more deals are SMB.

    Against the quarter before (`before`), in deals closed from `start` to `end`,
    each segment's win rate falls by `rate_drop` while the total rises by `total_lift`.
    """

    before: date
    start: date
    end: date
    rate_drop: float = 0.01
    total_lift: float = 0.02
    segment_share: tuple[float, float, float] = (0.645, 0.265, 0.09)


@dataclass(frozen=True)
class SlippageStory:
    """Of the deals due in a quarter `share` slip at one owner (below 1); 25 % at the others."""

    owner: str
    start: date
    end: date
    share: float = 0.60


@dataclass(frozen=True)
class Stories:
    """The planted stories; None where one is left out. `end` is always the first day after."""

    cost_per_lead: CostPerLeadStory | None = None
    churn: ChurnStory | None = None
    mix: MixStory | None = None
    slippage: SlippageStory | None = None


NO_STORIES = Stories()


def only(stories: Stories, name: str) -> Stories:
    """Without all stories but the named one."""
    return replace(NO_STORIES, **{name: getattr(stories, name)})


def at_strength(stories: Stories, strength: float) -> Stories:
    """The same places and dates, but `strength` times as far from what is usual.

    1 gives the stories as they are planned. Above 2 nobody would be left to close a deal
    in the large segments: ValueError.
    """
    if not 0 <= strength <= LARGEST_STRENGTH:
        raise ValueError(f"strength {strength} is not between 0 and {LARGEST_STRENGTH:g}")
    ads, churn, mix, slips = (getattr(stories, field.name) for field in fields(Stories))
    return Stories(
        cost_per_lead=ads and replace(ads, factor=1 + strength * (ads.factor - 1)),
        churn=churn and replace(churn, factor=1 + strength * (churn.factor - 1)),
        mix=mix
        and replace(
            mix,
            rate_drop=strength * mix.rate_drop,
            total_lift=strength * mix.total_lift,
            segment_share=_mix_at(strength, mix.segment_share),
        ),
        slippage=slips
        and replace(slips, share=USUAL_SLIP_SHARE + strength * (slips.share - USUAL_SLIP_SHARE)),
    )


def _mix_at(strength: float, planned: tuple[float, float, float]) -> tuple[float, float, float]:
    """On the way from the usual mix over the planned one to the heaviest."""
    ways = zip(USUAL_MIX, planned, HEAVIEST_MIX, strict=True)
    small, middle, large = (float(np.interp(strength, (0, 1, 2), way)) for way in ways)
    return small, middle, large


def plan(seed: int, as_of: date) -> Stories:
    """Choose place and date of every story for a seed, all within the year before `as_of`."""
    chance = np.random.default_rng([seed, 1702])
    monday = as_of + timedelta(days=1) - timedelta(days=(as_of.weekday() + 1) % 7)
    ad_end = monday - timedelta(weeks=int(chance.integers(0, 4)))
    complete_until = month_start(as_of + timedelta(days=1))
    churn_end = month_start(complete_until, -int(chance.integers(0, 3)))
    quarter_end = quarter_start(complete_until)
    return Stories(
        cost_per_lead=CostPerLeadStory(
            channel=str(chance.choice(PAID_CHANNELS)),
            segment=str(chance.choice(STORY_SEGMENTS)),
            start=ad_end - timedelta(weeks=6),
            end=ad_end,
        ),
        churn=ChurnStory(
            segment=str(chance.choice(STORY_SEGMENTS)),
            start=month_start(churn_end, -2),
            end=churn_end,
            reason=str(chance.choice(STORY_REASONS)),
        ),
        mix=MixStory(
            before=quarter_start(quarter_end, -2),
            start=quarter_start(quarter_end, -1),
            end=quarter_end,
        ),
        slippage=SlippageStory(
            owner=str(chance.choice(STORY_OWNERS)),
            start=quarter_start(quarter_end, -4),
            end=quarter_end,
        ),
    )
