"""The contract of marketing_channels.csv."""

# ruff: noqa: N805 - @rule and @oddity make class methods of what they adorn

import polars as pl

from pipeline.contracts.fields import Contract, Money, count, known, maybe, segment
from pipeline.contracts.rules import oddity

FUNNEL = (
    "impressions",
    "clicks",
    "leads",
    "MQLs",
    "SQLs",
    "opportunities",
    "closed_won",
)


CENT = 0.00501
BASIS_POINT = 0.0000501


def _agrees(supplied: str, numerator: str, denominator: str, rounding: float) -> pl.Expr:
    """Whether a supplied ratio is the recomputed one within 1 %, or within its rounding.

    `rounding` is half the last digit that exports write. Not known, and so no breach,
    where the ratio is empty; where nothing was divided by (0) anything agrees, since
    the recomputed ratio is infinite there and so is its hundredth.
    """
    recomputed = pl.col(numerator).cast(pl.Float64) / pl.col(denominator).cast(pl.Float64)
    gap = (pl.col(supplied) - recomputed).abs()
    return (gap <= recomputed * 0.01) | (gap <= rounding)


class MarketingChannels(Contract):
    """What was spent on and came of a campaign in a segment and region on one day.

    One row per date, channel, campaign, segment and geo.
    """

    date: pl.Date = known("Day the figures belong to")
    channel: str = known("Marketing channel, such as LinkedIn or Email")
    campaign: str = maybe("Campaign within the channel")
    segment: str = segment("Segment the campaign was aimed at", nullable=False)
    geo: str = maybe("Region the campaign ran in")
    spend: Money = known("Ad spend of the day", ge=0)
    impressions: pl.Int64 = count("Times an ad was shown")
    clicks: pl.Int64 = count("Clicks on an ad")
    leads: pl.Int64 = count("Leads that came in")
    MQLs: pl.Int64 = count("Leads that marketing judged worth pursuing")
    SQLs: pl.Int64 = count("Leads that sales accepted")
    opportunities: pl.Int64 = count("Opportunities opened")
    closed_won: pl.Int64 = count("Deals won")
    CAC: pl.Float64 = maybe("Cost per won deal as the source system states it; compared, not used")
    CPL: pl.Float64 = maybe("Cost per lead as the source system states it; compared, not used")
    CTR: pl.Float64 = maybe("Click-through rate as the source system states it; compared, not used")
    CVR_stagewise: pl.Float64 = maybe(
        "Leads per click as the source system states it; compared, not used"
    )
    ROI: pl.Float64 = maybe("Return on spend as the source system states it, in percent")

    @oddity(*FUNNEL, remedy="Nothing, if the stages are counted on their own days.")
    def funnel_stage_above_earlier(cls) -> pl.Expr:
        """No funnel stage counts more than the one before it."""
        pairs = zip(FUNNEL[1:], FUNNEL, strict=False)
        return pl.all_horizontal(pl.col(later) <= pl.col(earlier) for later, earlier in pairs)

    @oddity("CAC", "spend", "closed_won", remedy="Ask the source how it divides; ours is used.")
    def supplied_cac_disagrees(cls) -> pl.Expr:
        """The supplied CAC is spend divided by won deals."""
        return _agrees("CAC", "spend", "closed_won", CENT)

    @oddity("CPL", "spend", "leads", remedy="Ask the source how it divides; ours is used.")
    def supplied_cpl_disagrees(cls) -> pl.Expr:
        """The supplied CPL is spend divided by leads."""
        return _agrees("CPL", "spend", "leads", CENT)

    @oddity("CTR", "clicks", "impressions", remedy="Ask the source how it divides; ours is used.")
    def supplied_ctr_disagrees(cls) -> pl.Expr:
        """The supplied CTR is clicks divided by impressions."""
        return _agrees("CTR", "clicks", "impressions", BASIS_POINT)

    @oddity(
        "CVR_stagewise",
        "leads",
        "clicks",
        remedy="Ask the source which stages it divides; ours is used.",
    )
    def supplied_cvr_disagrees(cls) -> pl.Expr:
        """The supplied stage conversion is leads divided by clicks."""
        return _agrees("CVR_stagewise", "leads", "clicks", BASIS_POINT)
