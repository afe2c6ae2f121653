"""Marketing: what was spent, what came of it, and where along the way it was lost."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from panel.viewable import Viewer

from dashboard.cell_proofs import cell_action
from dashboard.charts.bars import bars
from dashboard.charts.funnel import funnel
from dashboard.charts.lines import lines
from dashboard.charts.ranges import ranges
from dashboard.cpl_ranges import cost_per_lead_ranges
from dashboard.kpis import Kpis
from dashboard.section import Section
from dashboard.sentences import against_range, best_return, most_spent, weeks_said
from dashboard.tables import Column, Table
from dashboard.tabs.base import ChartPane, Tab
from dashboard.wording import report_badge
from revops import reports, units

HEADLINE = ("spend", "leads", "cpl", "media_cac", "roi")
TREND = (("leads", "Leads"), ("mqls", "MQLs"), ("sqls", "SQLs"))
MEASURES = (
    Column("spend", "Spend", "money"),
    Column("share_of_spend", "Of spend", "ratio"),
    Column("impressions", "Impressions", "count"),
    Column("clicks", "Clicks", "count"),
    Column("ctr", "CTR", "ratio"),
    Column("leads", "Leads", "count"),
    Column("mqls", "MQLs", "count"),
    Column("sqls", "SQLs", "count"),
    Column("closed_won", "Won", "count"),
    Column("cpl", "CPL", "money"),
    Column("media_cac", "Media CAC", "money"),
    Column("roi", "ROI", "ratio"),
)
OF = ("channel", "segment")
CPL = {"value": "cpl", "low": "lowest_cpl", "high": "highest_cpl", "target": "target_cpl"}
NOTHING = "No marketing rows"
WHY = "Nothing in the marketing file passes these filters in this window."


class Marketing(Tab):
    """The marketing tab."""

    def sections(self) -> Iterator[Viewer]:
        yield Kpis(self.desk, "marketing", HEADLINE)
        act = self.desk.act
        self.spend = ChartPane(bars("money", 0, most_spent)).opens("channel", act)
        self.roi = ChartPane(bars("ratio", 1, best_return)).opens("channel", act)
        self.reach, self.demand = ChartPane(funnel), ChartPane(funnel)
        self.trend = ChartPane(lines("count", "Week of", weeks_said, series=len(TREND), height=390))
        self.cpl = ChartPane(ranges("money", "Benchmark", against_range)).opens("channel", act)
        names = Column("channel", "Channel", width=148), Column("campaign", "Campaign", width=148)
        self.channels = Table((names[0], *MEASURES), self.desk.currency)
        self.channels.opens("channel", act)
        self.campaigns = Table((names[1], *MEASURES), self.desk.currency)
        self.campaigns.opens("campaign", act)
        self.prove(self.channels, "marketing", "channel")
        self.prove(self.campaigns, "marketing", "campaign")
        of_channel = self.cells("marketing", {"channel": "channel"})
        of_week = self.cells("marketing", {"week": "week_start_date"})
        of_slice = self.cells("marketing", {"channel": "channel", "segment": "segment"})
        made = self.section
        yield from (
            made("Spend by channel", "ad spend", [self.spend], self._spend, 6).proves(of_channel),
            made("Return by channel", "ROI on ad spend", [self.roi], self._roi, 6).proves(
                of_channel
            ),
            made(
                "Funnel",
                "counts of the period, to scale",
                [self.reach, self.demand],
                self._funnel,
                6,
            ).proves(stage),
            made("Weekly trend", "counts per week", [self.trend], self._trend, 6).proves(of_week),
            made(
                "Cost per lead against benchmark", "per channel and segment", [self.cpl], self._cpl
            ).proves(of_slice),
            made("Channels", "", [self.channels], self._channels),
            made("Campaigns", "", [self.campaigns], self._campaigns),
        )

    def _report(self, name: str, section: Section) -> tuple[pl.DataFrame, str] | None:
        """A report's rows and badge; None when nothing passes, which the card then says."""
        frame = reports.query(self.desk.warehouse, name, self.desk.filters)
        said = report_badge(self.desk, name, frame)
        if frame.is_empty():
            section.show_empty(NOTHING, WHY, said)
            return None
        return frame, said

    def _named(self, frame: pl.DataFrame, value: str) -> pl.DataFrame:
        return frame.sort("spend", descending=True, nulls_last=True).select(
            name="channel", value=value
        )

    def _spend(self, section: Section) -> None:
        if found := self._report("channel_performance", section):
            frame, said = found
            summary, _ = self.spend.show(self._named(frame, "spend"), self.desk)
            section.show(summary, frame.select("channel", "spend", "share_of_spend"), said)

    def _roi(self, section: Section) -> None:
        if found := self._report("channel_performance", section):
            frame, said = found
            summary, _ = self.roi.show(self._named(frame, "roi"), self.desk)
            shown = frame.select("channel", "roi", "linked_spend", "linked_won_amount")
            section.show(summary, shown, said)

    def _funnel(self, section: Section) -> None:
        if found := self._report("marketing_funnel", section):
            frame, said = found
            steps = frame.sort("position").rename({"label": "stage", "stage_count": "count"})
            if not steps["count"].drop_nulls().sum():
                section.show_empty(NOTHING, WHY, said)
                return
            at_leads = steps["metric"].to_list().index("leads")
            self.reach.show(steps.head(at_leads + 1), self.desk)
            self.demand.show(steps.tail(steps.height - at_leads), self.desk)
            first, last = steps.row(at_leads, named=True), steps.row(-1, named=True)
            summary = (
                f"{units.format(first['count'], 'count')} leads, "
                f"{units.format(last['count'], 'count')} closed won. "
                "Ratios are of one period, not of the same people; each half has its own scale."
            )
            section.show(summary, frame, said)

    def _trend(self, section: Section) -> None:
        if found := self._report("marketing_trend", section):
            frame, said = found
            series = [
                frame.select(
                    pl.lit(label).alias("series"),
                    pl.lit(place).alias("position"),
                    pl.col("week_start_date").alias("start"),
                    pl.col(name).alias("value"),
                    "is_partial",
                )
                for place, (name, label) in enumerate(TREND)
            ]
            summary, _ = self.trend.show(pl.concat(series), self.desk)
            section.show(summary, frame, said)

    def _cpl(self, section: Section) -> None:
        shown = cost_per_lead_ranges(self.desk.warehouse, self.desk.filters)
        said = report_badge(self.desk, "channel_performance", shown)
        if shown.is_empty():
            why = "No benchmark with a range speaks of a slice whose cost per lead is known here."
            section.show_empty("Nothing to compare", why, said)
            return
        summary, _ = self.cpl.show(shown, self.desk)
        section.show(
            summary, shown.rename(CPL).select("name", *CPL.values(), "is_inside", *OF), said
        )

    def _channels(self, section: Section) -> None:
        if found := self._report("channel_performance", section):
            self.channels.show(found[0])
            section.show("", *found)

    def _campaigns(self, section: Section) -> None:
        if found := self._report("campaign_performance", section):
            self.campaigns.show(found[0])
            said = "Deals name a channel, not a campaign: ROI by campaign is not known."
            section.show(said, *found)


def stage(column: str, row: Mapping[str, Any]) -> str:
    """A stage of the funnel is a metric of all that the page looks at."""
    return cell_action(f"marketing.{row['metric']}", {}) if column == "stage_count" else ""
