"""The invented company: its calendar, its markets, and how much happens on a day.

Every random draw comes from a generator seeded by the world's seed and the name
of what is drawn: a change in one file's draws leaves the other files as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zlib import crc32

import numpy as np

from revops.data_generation.days import day_number, month_start
from revops.data_generation.stories import USUAL_MIX, Stories

DEFAULT_SEED = 36
DEFAULT_AS_OF = date(2026, 10, 31)
MONTHS = 37

SEGMENTS = ("SMB", "MM", "ENT")
CHANNELS = ("Google Ads", "Facebook Ads", "LinkedIn", "Content Marketing", "Referral", "Inbound")
REGIONS = ("AMER", "EMEA", "APAC")
REGION_SHARE = np.array([0.50, 0.32, 0.18])
OWNERS = (
    "Maya Chen",
    "Liam Ortiz",
    "Priya Nair",
    "Jonas Weber",
    "Sara Haddad",
    "Noah Clark",
    "Ines Moreau",
    "Tom Becker",
)
# The last owner leads the team and holds only a few deals: too few to be ranked.
OWNER_SHARE = np.array([0.17, 0.16, 0.15, 0.14, 0.14, 0.13, 0.106, 0.004])
# Rows: segments; columns: channels. Where the deals of a segment come from.
CHANNEL_SHARE = np.array(
    [
        [0.26, 0.18, 0.08, 0.15, 0.09, 0.24],
        [0.22, 0.11, 0.18, 0.17, 0.12, 0.20],
        [0.15, 0.05, 0.30, 0.17, 0.18, 0.15],
    ]
)
USUAL_SEGMENT_SHARE = np.array(USUAL_MIX)
CLOSINGS_PER_DAY = 3.3
MONTHLY_GROWTH = 0.009


@dataclass(frozen=True)
class World:
    """What a sample is made from; two equal worlds give byte-equal files.

    `scale` multiplies deals, customers and campaigns per channel. `stories` says
    what is planted, where and how strongly (`revops.data_generation.stories`).
    """

    seed: int
    as_of: date
    scale: float
    stories: Stories

    @cached_property
    def first_day(self) -> date:
        """The first of the 37 months that end with the as-of month."""
        return month_start(self.as_of, 1 - MONTHS)

    @cached_property
    def month_starts(self) -> tuple[date, ...]:
        """The first days of the 37 months, oldest first."""
        return tuple(month_start(self.first_day, index) for index in range(MONTHS))

    def month_days(self, start: date) -> np.ndarray:
        """The day numbers of a month, up to the as-of date."""
        until = min(day_number(month_start(start, 1)), day_number(self.as_of) + 1)
        return np.arange(day_number(start), until)

    def random(self, part: str, *keys: int) -> np.random.Generator:
        """The source of chance for one part of the world."""
        return np.random.default_rng([self.seed, crc32(part.encode()), *keys])

    def demand(self, days: np.ndarray) -> np.ndarray:
        """Deals closing per calendar day: growth times the yearly season."""
        months = (days - day_number(self.first_day)) / 30.44
        return CLOSINGS_PER_DAY * self.scale * (1 + MONTHLY_GROWTH * months) * season(days)

    def segment_share(self, days: np.ndarray) -> np.ndarray:
        """Share of each segment among deals closing on each day: (days, 3)."""
        share = np.tile(USUAL_SEGMENT_SHARE, (len(days), 1))
        if self.stories.mix is not None:
            share[days >= day_number(self.stories.mix.start)] = self.stories.mix.segment_share
        return share


def season(days: np.ndarray) -> np.ndarray:
    """The yearly rhythm, the same every year: a slow August and a quiet year's end."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(int) % 12 + 1
    day = (dates - dates.astype("datetime64[M]")).astype(int) + 1
    quiet = ((month == 12) & (day >= 18)) | ((month == 1) & (day <= 5))
    return np.where(quiet, 0.55, np.where(month == 8, 0.70, 1.05))
