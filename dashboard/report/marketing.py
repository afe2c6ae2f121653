"""Marketing on paper: the funnel, and what each channel returned."""

import polars as pl

from dashboard.desk import Desk
from dashboard.report import sources
from dashboard.report.charts.bars import bars
from dashboard.report.charts.funnel import funnel
from dashboard.report.exhibits import drawn, unknown
from dashboard.report.model import Chapter, Exhibit, Source
from dashboard.report.table import table
from dashboard.sentences import best_return
from dashboard.tables import Column
from revops import units

CHANNELS = (
    Column("channel", "Channel"),
    Column("spend", "Spend", "money"),
    Column("share_of_spend", "Of spend", "ratio"),
    Column("leads", "Leads", "count"),
    Column("mqls", "MQLs", "count"),
    Column("sqls", "SQLs", "count"),
    Column("closed_won", "Won", "count"),
    Column("cpl", "CPL", "money"),
    Column("media_cac", "Media CAC", "money"),
    Column("linked_won_amount", "Won, linked", "money"),
    Column("roi", "ROI", "ratio"),
)
MOST_CHANNELS = 12
NOTHING = "Nothing in the marketing file passes these filters in this window."


def marketing(desk: Desk) -> list[Chapter]:
    """One page."""
    channels = sources.report(desk, "channel_performance")
    return [
        Chapter(
            "Marketing",
            "What was spent, what came of it, and what each channel returned.",
            (
                _funnel(desk),
                _returns(desk, channels),
                _channels(desk, channels),
            ),
        )
    ]


def _funnel(desk: Desk) -> Exhibit:
    found = sources.report(desk, "marketing_funnel")
    title, unit = "Funnel", "counts of the period, each half to its own scale"
    if found.frame.is_empty() or not found.frame["stage_count"].drop_nulls().sum():
        return unknown(title, unit, NOTHING, found, 6)
    counts = dict(found.frame.select("metric", "stage_count").iter_rows())
    said = (
        f"{units.format(counts['leads'], 'count')} leads, "
        f"{units.format(counts['closed_won'], 'count')} closed won. "
        "Ratios are of one period, not of the same people."
    )
    return drawn(title, unit, said, funnel(found.frame, desk.brand, desk.currency, said), found, 6)


def _returns(desk: Desk, found: Source) -> Exhibit:
    title, unit = "Return by channel", "ROI on ad spend"
    if found.frame.is_empty():
        return unknown(title, unit, NOTHING, found, 6)
    shown = _named(found.frame, "roi")
    said = best_return(shown, desk.currency)
    chart = bars(shown, desk.brand, desk.currency, said, "ratio", 2, row_height=34)
    return drawn(title, unit, said, chart, found, 6)


def _channels(desk: Desk, found: Source) -> Exhibit:
    title, unit = "Channels", "largest spend first"
    if found.frame.is_empty():
        return unknown(title, unit, NOTHING, found)
    rows = found.frame.sort("spend", descending=True, nulls_last=True, maintain_order=True)
    return drawn(title, unit, "", table(CHANNELS, rows, desk.currency, MOST_CHANNELS), found)


def _named(frame: pl.DataFrame, value: str) -> pl.DataFrame:
    return (
        frame.sort("spend", descending=True, nulls_last=True, maintain_order=True)
        .head(MOST_CHANNELS)
        .select(name="channel", value=value, note=pl.lit(""))
    )
