"""Pipeline: what is open, how likely it closes, and which deals to call about."""

from decimal import Decimal

import polars as pl
from panel.viewable import Viewer

from dashboard.charts.bars import bars
from dashboard.charts.lines import lines
from dashboard.charts.ranges import ranges
from dashboard.kpis import Kpis
from dashboard.section import Section
from dashboard.sentences import largest_stage, latest_quarter, owners_said
from dashboard.tables import Column, Table
from dashboard.tabs.base import ChartPane, Tab
from dashboard.wording import report_badge, times
from revops import books, metrics, reports, units

HEADLINE = (
    "open_pipeline",
    "weighted_pipeline",
    "win_rate",
    "sales_cycle_median_days",
    "velocity_per_day",
)
OWNERS = (
    Column("win_rate_rank", "Rank", "count", 72),
    Column("owner", "Owner", width=132),
    Column("win_rate", "Win rate", "ratio"),
    Column("win_rate_low", "From", "ratio"),
    Column("win_rate_high", "To", "ratio"),
    Column("decided_deals", "Decided", "count"),
    Column("won_deals", "Won", "count"),
    Column("won_amount", "Won amount", "money"),
    Column("open_deals", "Open", "count"),
    Column("open_pipeline", "Open pipeline", "money"),
    Column("sales_cycle_median_days", "Cycle, days", "days"),
    Column("stuck_deals", "Stuck", "count"),
)
STUCK = (
    Column("deal_id", "Deal"),
    Column("account", "Account"),
    Column("owner", "Owner"),
    Column("segment", "Segment"),
    Column("stage", "Stage"),
    Column("amount", "Amount", "money"),
    Column("days_in_stage", "Days in stage", "days"),
    Column("expected_close", "Expected close", "date"),
    Column("days_past_expected_close", "Days past it", "days"),
    Column("channel", "Channel"),
    Column("_line", "Line", "count"),
    Column("_file", "of the file", width=150),
)
NOTHING = "No deals"
WHY = "No deal passes these filters in this window."


class Pipeline(Tab):
    """The pipeline tab."""

    def sections(self) -> list[Viewer]:
        self.stages = ChartPane(bars("money", 0, largest_stage))
        self.rates = ChartPane(lines("ratio", "Quarter from", latest_quarter, series=1))
        self.owner_rates = ChartPane(ranges("ratio", "95 % interval", owners_said))
        self.owners = Table(OWNERS, self.desk.currency)
        self.owners.opens("owner", self.desk.act)
        self.stuck = Table(STUCK, self.desk.currency)
        made = self.section
        return [
            Kpis(self.desk, "pipeline", HEADLINE),
            made("Open pipeline by stage", "amount", [self.stages], self._stages, 6),
            made("Win rate by quarter", "won of decided deals", [self.rates], self._rates, 6),
            made("Stuck deals", "largest first", [self.stuck], self._stuck),
            made("Win rate by owner", "won of decided deals", [self.owner_rates], self._rated),
            made("Owners", "", [self.owners], self._owners),
        ]

    def _stages(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "pipeline_stages", self.desk.filters)
        said = report_badge(self.desk, "pipeline_stages", frame)
        known = frame.filter(frame["open_deals"].is_not_null())
        if frame.height and known.is_empty():
            why = "Open deals on that day are not known: the deal history does not reach it."
            section.show_empty("Not known", why, said)
            return
        if not known["open_deals"].sum():
            section.show_empty("No open deals", WHY, said)
            return
        shown = known.sort("position").select(
            name="stage",
            value="open_pipeline",
            note=pl.format("{} deals", pl.col("open_deals").cast(pl.Int64)),
        )
        summary, _ = self.stages.show(shown, self.desk)
        section.show(summary, frame, said)

    def _rates(self, section: Section) -> None:
        frame = metrics.query(self.desk.warehouse, "pipeline", self.desk.filters, by="quarter")
        quarters = frame.filter(~frame["is_total"] & frame["win_rate"].is_not_null())
        if quarters.is_empty():
            section.show_empty("No decided deals", "No deal was won or lost in this window.")
            return
        shown = quarters.select(
            pl.lit("Win rate").alias("series"),
            pl.lit(0).alias("position"),
            pl.col("slice").str.to_date().alias("start"),
            pl.col("win_rate").alias("value"),
            "is_partial",
        )
        summary, _ = self.rates.show(shown, self.desk)
        section.show(summary, quarters)

    def _owner_frame(self, section: Section) -> tuple[pl.DataFrame, str] | None:
        frame = reports.query(self.desk.warehouse, "owner_performance", self.desk.filters)
        said = report_badge(self.desk, "owner_performance", frame)
        if frame.is_empty():
            section.show_empty(NOTHING, WHY, said)
            return None
        return frame, said

    def _rated(self, section: Section) -> None:
        if not (found := self._owner_frame(section)):
            return
        frame, said = found
        ranked = frame.filter(frame["is_ranked"]).sort("win_rate_rank")
        if ranked.is_empty():
            why = "Under 20 decided deals a rate says little: nobody is ranked in this window."
            section.show_empty("Too few decided deals", why, said)
            return
        team = metrics.total(self.desk.warehouse, "pipeline", self.desk.filters)["win_rate"]
        shown = ranked.select(
            name="owner",
            value="win_rate",
            low="win_rate_low",
            high="win_rate_high",
            target=pl.lit(team, dtype=pl.Float64),
            is_inside=pl.lit(team).is_between("win_rate_low", "win_rate_high"),
        )
        summary, _ = self.owner_rates.show(shown, self.desk)
        section.show(summary, ranked, said)

    def _owners(self, section: Section) -> None:
        if found := self._owner_frame(section):
            frame, said = found
            self.owners.show(frame.sort("win_rate_rank", "owner", nulls_last=True))
            section.show("Owners with fewer than 20 decided deals have no rank.", frame, said)

    def _stuck(self, section: Section) -> None:
        warehouse = self.desk.warehouse
        frame = reports.query(warehouse, "stuck_deals", self.desk.filters)
        said = report_badge(self.desk, "stuck_deals", frame)
        if frame.is_empty():
            section.show_empty("No stuck deals", "Every open deal moves, or none is open.", said)
            return
        self.stuck.show(frame.sort("amount", descending=True, nulls_last=True))
        amount = units.format(Decimal(books.policy(warehouse, "stuck_amount", "0")), "money")
        section.show(
            f"{times(frame.height, 'open deal')} past the expected close, longer in their stage "
            "than nine of ten won deals of the segment, or there for over "
            f"{books.policy(warehouse, 'stuck_days', '')} days with more than {amount}.",
            frame,
            said,
        )
