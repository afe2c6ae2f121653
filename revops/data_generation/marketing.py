"""Ad spend and its funnel, a month at a time: date x channel x campaign x segment.

A campaign runs in one region for all segments. Opportunities and wins are
counted from the deals themselves, on the day a deal is created or won, so that
the two files tell one story; leads and everything above them are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from revops.data_generation.days import day_number, weekday
from revops.data_generation.deals import Deals
from revops.data_generation.funnel import LEAD_RATE, contract_columns, draw_funnel
from revops.data_generation.world import (
    CHANNEL_SHARE,
    CHANNELS,
    REGION_SHARE,
    REGIONS,
    SEGMENTS,
    World,
)

THEMES = (
    ("Brand Search", "Competitor Search", "Solution Search"),
    ("Lookalike", "Retargeting", "Lead Ads"),
    ("Decision Makers", "Thought Leaders", "Lead Gen Forms"),
    ("Benchmark Report", "Webinars", "Playbooks"),
    ("Customer Referral", "Partner Program", "Review Sites"),
    ("Website", "Newsletter", "Product Tour"),
)
# Search and social ads run every day, the others are booked on business days.
RUNS_ON_WEEKENDS = np.array([True, True, False, False, False, False])
# Segments by channels: what a lead costs.
COST_PER_LEAD = np.array(
    [
        [56.0, 44.0, 90.0, 34.0, 16.0, 9.0],
        [98.0, 82.0, 128.0, 54.0, 25.0, 15.0],
        [184.0, 160.0, 210.0, 86.0, 40.0, 25.0],
    ]
)
OPPORTUNITY_RATE = np.array([0.039, 0.027, 0.045, 0.033, 0.14, 0.08])
# Leads come this long before their deals close.
LEAD_TIME_DAYS = np.array([40, 70, 120])


@dataclass(frozen=True)
class DealEvents:
    """Deals created or won: the day, the campaign's row within a day, and the amount."""

    day: np.ndarray
    cell: np.ndarray
    amount: np.ndarray


class Marketing:
    """The marketing file of a world, drawn month by month in bounded memory."""

    def __init__(self, world: World, deals: Deals) -> None:
        self.world = world
        self.campaigns = max(round(len(REGIONS) * world.scale), len(REGIONS))
        self.region = np.arange(self.campaigns) % len(REGIONS)
        self.shape = (len(CHANNELS), self.campaigns, len(SEGMENTS))
        self.cells = int(np.prod(self.shape))
        self.labels = self._labels()
        cell = self._cells_of_deals(deals)
        won = deals.is_won & (deals.closed_on <= day_number(world.as_of))
        self.created = DealEvents(deals.created_on, cell, deals.mrr * 0)
        self.won = DealEvents(deals.closed_on[won], cell[won], deals.mrr[won] * 12)

    def frames(self) -> Iterator[pl.DataFrame]:
        """One frame per month, ordered by date, channel, campaign, segment."""
        for index, start in enumerate(self.world.month_starts):
            yield self._month(start, self.world.random("marketing", index))

    def _labels(self) -> pl.DataFrame:
        channel, campaign, segment = np.unravel_index(np.arange(self.cells), self.shape)
        names = [
            theme if number == 0 else f"{theme} {number + 1}"
            for themes in THEMES
            for number, theme in (
                (i // len(themes), themes[i % len(themes)]) for i in range(self.campaigns)
            )
        ]
        return pl.DataFrame(
            {
                "channel": np.array(CHANNELS)[channel],
                "campaign": np.array(names)[channel * self.campaigns + campaign],
                "segment": np.array(SEGMENTS)[segment],
                "geo": np.array(REGIONS)[self.region[campaign]],
            }
        ).with_columns(pl.all().cast(pl.Categorical))

    def _cells_of_deals(self, deals: Deals) -> np.ndarray:
        """The row within a day each deal belongs to: a campaign of its channel and region."""
        chance = self.world.random("campaigns of deals")
        per_region = (self.campaigns - 1 - deals.region) // len(REGIONS) + 1
        pick = (chance.random(len(deals)) * per_region).astype(np.int64)
        campaign = deals.region + pick * len(REGIONS)
        return np.ravel_multi_index((deals.channel, campaign, deals.segment), self.shape)

    def _month(self, start: date, chance: np.random.Generator) -> pl.DataFrame:
        days = self.world.month_days(start)
        runs = RUNS_ON_WEEKENDS[None, :] | (weekday(days) < 5)[:, None]
        rows = np.flatnonzero(np.repeat(runs, self.cells // len(CHANNELS), axis=1))
        day, cell = rows // self.cells, rows % self.cells
        channel, campaign, segment = np.unravel_index(cell, self.shape)
        leads_expected = self._expected_leads(days)[day, channel, segment]
        leads_expected *= (REGION_SHARE / np.bincount(self.region))[self.region[campaign]]

        def count(events: DealEvents, weights: np.ndarray | None = None) -> np.ndarray:
            within = (events.day >= days[0]) & (events.day <= days[-1])
            flat = (events.day[within] - days[0]) * self.cells + events.cell[within]
            kept = None if weights is None else weights[within]
            return np.bincount(flat, weights=kept, minlength=len(days) * self.cells)[rows]

        counts = draw_funnel(leads_expected, channel, count(self.created), chance)
        price = (COST_PER_LEAD.T * LEAD_RATE[:, None])[channel, segment]
        price = price * self._price_factor(days)[day, channel, segment]
        noise = np.exp(chance.normal(0, 0.08, len(rows)))
        spend = np.round(counts["clicks"] * price * noise, 2)
        numbers = {
            "date": days[day].astype(np.int32),
            "spend": spend,
            **counts,
            "closed_won": count(self.won).astype(np.int64),
            "won_amount": count(self.won, self.won.amount.astype(np.float64)),
        }
        return contract_columns(self.labels[cell].hstack(pl.DataFrame(numbers)))

    def _expected_leads(self, days: np.ndarray) -> np.ndarray:
        """Expected leads of a day, over all regions: (days, channels, segments)."""
        is_weekend = (weekday(days) >= 5)[:, None]
        rhythm = np.where(RUNS_ON_WEEKENDS, np.where(is_weekend, 0.45, 1.22), 1.4)
        share = np.column_stack(
            [
                self.world.segment_share(days + lead)[:, member]
                for member, lead in enumerate(LEAD_TIME_DAYS)
            ]
        )
        deals = self.world.demand(days)[:, None] * share
        per_channel = CHANNEL_SHARE.T / OPPORTUNITY_RATE[:, None]
        return deals[:, None, :] * per_channel[None, :, :] * rhythm[:, :, None]

    def _price_factor(self, days: np.ndarray) -> np.ndarray:
        factor = np.ones((len(days), len(CHANNELS), len(SEGMENTS)))
        story = self.world.stories.cost_per_lead
        if story is not None:
            during = (days >= day_number(story.start)) & (days < day_number(story.end))
            place = CHANNELS.index(story.channel), SEGMENTS.index(story.segment)
            factor[(during, *place)] = story.factor
        return factor
