"""Pipeline: what is open, how likely it closes, and which deals to call about."""

from collections.abc import Iterator
from decimal import Decimal

import polars as pl
from panel.viewable import Viewer

from dashboard.charts.bars import bars
from dashboard.charts.bridge import bridge
from dashboard.charts.curves import curves
from dashboard.charts.lines import lines
from dashboard.charts.marked_bars import marked_bars
from dashboard.charts.ranges import ranges
from dashboard.coverage_bars import coverage_bars, newest_targets, period, why_none
from dashboard.kpis import Kpis
from dashboard.section import Section
from dashboard.sentences import (
    bridge_said,
    coverage_said,
    curves_said,
    largest_stage,
    latest_quarter,
    owners_said,
)
from dashboard.tables import Table
from dashboard.tabs.base import ChartPane, Tab
from dashboard.tabs.columns import OWNERS, PACE, SLIPPAGE, STUCK, WIN_COHORTS
from dashboard.win_curves import dated, win_curves
from dashboard.wording import report_badge, times
from revops import books, ledger, metrics, reports, units

HEADLINE = (
    "open_pipeline",
    "weighted_pipeline",
    "win_rate",
    "sales_cycle_median_days",
    "velocity_per_day",
)
# the waterfall takes the window as its two days
WINDOW = ("since", "until")
MOST_COHORTS = 6
LONGEST_DAYS = 180
NOTHING = "No deals"
WHY = "No deal passes these filters in this window."


class Pipeline(Tab):
    """The pipeline tab."""

    def sections(self) -> Iterator[Viewer]:
        yield Kpis(self.desk, "pipeline", HEADLINE)
        self.stages = ChartPane(bars("money", 0, largest_stage))
        self.rates = ChartPane(lines("ratio", "Quarter from", latest_quarter, series=1))
        self.owner_rates = ChartPane(ranges("ratio", "95 % interval", owners_said))
        self.owner_rates.opens("owner", self.desk.act)
        self.owners = Table(OWNERS, self.desk.currency)
        self.owners.opens("owner", self.desk.act)
        self.prove(self.owners, "pipeline", "owner")
        self.stuck = Table(STUCK, self.desk.currency)
        for kind in ("owner", "segment", "channel"):
            self.stuck.opens(kind, self.desk.act)
        self.covered = ChartPane(marked_bars("multiple", coverage_said))
        self.covered.opens("segment", self.desk.act)
        self.moves = ChartPane(bridge("money", bridge_said))
        self.slips = Table(SLIPPAGE, self.desk.currency)
        self.curves = ChartPane(curves(MOST_COHORTS, LONGEST_DAYS, curves_said))
        self.created = Table(WIN_COHORTS, self.desk.currency)
        self.paces = Table(PACE, self.desk.currency)
        made = self.section
        yield from (
            made("Open pipeline by stage", "amount", [self.stages], self._stages, 6),
            made(
                "Win rate by quarter", "won of decided deals", [self.rates], self._rates, 6
            ).proves(self.cells("pipeline", {"quarter": "slice"})),
            made("Coverage", "open and due / still to win", [self.covered], self._covered, 6),
            made("Win curve", "won, by days since creation", [self.curves], self._curved, 6),
            made("Pipeline due in the window", "how it moved", [self.moves], self._moves),
            made("Stuck deals", "largest first", [self.stuck], self._stuck),
            made(
                "Win rate by owner", "won of decided deals", [self.owner_rates], self._rated
            ).proves(self.cells("pipeline", {"owner": "owner"})),
            made("Owners", "", [self.owners], self._owners),
            made("Slippage", "of the deals due in each quarter", [self.slips], self._slips),
            made("Win rate by cohort", "of deals by creation", [self.created], self._created),
            made("Targets", "what was won against the pace", [self.paces], self._paces),
        )

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
            if metrics.total(warehouse, "pipeline", self.desk.filters)["stuck_deals"] is None:
                why = "Which deals were stuck on that day only a file of that day could say."
                section.show_empty("Not known", why, said)
                return
            section.show_empty("No stuck deals", "Every open deal moves, or none is open.", said)
            return
        self.stuck.show(frame.sort("amount", descending=True, nulls_last=True))
        amount = units.format(Decimal(books.policy(warehouse, "stuck_amount", "0")), "money")
        section.show(
            f"{times(frame.height, 'open deal')} past the expected close, or longer in their stage "
            "than nine of ten won deals of the segment, or there for over "
            f"{books.policy(warehouse, 'stuck_days', '')} days with more than {amount}.",
            frame,
            said,
        )

    def _covered(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "coverage", self.desk.filters)
        said = report_badge(self.desk, "coverage", frame)
        targets = newest_targets(frame)
        if targets.is_empty():
            why = "targets.csv holds no target for won amount in this window."
            section.show_empty("No targets", why, said)
            return
        if targets["coverage"].is_null().all():
            why = f"{period(targets)}: {why_none(targets)}."
            section.show_empty("No coverage to show", why, said, way_out=False)
            return
        shown = coverage_bars(targets, self.desk.currency)
        summary, _ = self.covered.show(shown, self.desk)
        section.show(f"{period(targets)}. {summary}", targets, said)

    def _moves(self, section: Section) -> None:
        frame = ledger.waterfall(self.desk.warehouse, self.desk.filters)
        said = report_badge(self.desk, ledger.WATERFALL, frame, honoured=WINDOW)
        if reason := frame["reason_not_known"].drop_nulls().first():
            section.show_empty("Not known", f"{str(reason).capitalize()}.", said)
            return
        is_stock = pl.col("bucket").is_in(["opening", "closing"])
        shown = frame.filter(is_stock | (pl.col("deals") > 0)).select(
            name="label", value="amount", deals="deals", is_stock=is_stock
        )
        summary, _ = self.moves.show(shown, self.desk)
        section.show(summary, frame, said)

    def _slips(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "slippage_shares", self.desk.filters, by="owner")
        said = report_badge(self.desk, "slippage_shares", frame)
        if frame.is_empty():
            why = "No deal was due in a quarter of this window that the deal history covers."
            section.show_empty("Nothing was due", why, said)
            return
        self.slips.show(frame)
        section.show(
            "Of the deals open and due when a quarter of the window began, what became of them in "
            "it. Slipped: due later now, or the quarter is over and the deal still open.",
            frame,
            said,
        )

    def _curved(self, section: Section) -> None:
        warehouse, filters = self.desk.warehouse, self.desk.filters
        frame = dated(reports.query(warehouse, "win_curve", filters, by="quarter"))
        said = report_badge(self.desk, "win_curve", frame)
        shown = win_curves(frame, MOST_COHORTS)
        if shown.is_empty():
            section.show_empty(NOTHING, "No deal was created in this window.", said)
            return
        summary, _ = self.curves.show(shown, self.desk)
        section.show(summary, frame, said)

    def _created(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "win_rate_cohorts", self.desk.filters)
        said = report_badge(self.desk, "win_rate_cohorts", frame)
        if frame.is_empty():
            section.show_empty(NOTHING, "No deal was created in this window.", said)
            return
        extent = pl.when("is_partial").then(pl.lit("part")).otherwise(pl.lit("whole"))
        newest_first = frame.sort("cohort_start", descending=True)
        self.created.show(newest_first.with_columns(extent=extent))
        section.show(
            "Deals still running count as such (Aalen–Johansen). A quarter shows — while any of "
            "its deals is younger than the days asked for: its shares so far will still rise.",
            frame,
            said,
        )

    def _paces(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "pace", self.desk.filters)
        said = report_badge(self.desk, "pace", frame)
        if frame.is_empty():
            why = "targets.csv holds no target for won deals in this window."
            section.show_empty("No targets", why, said)
            return
        newest_first = frame.sort("period_start", descending=True, maintain_order=True)
        labels = metrics.catalogue(self.desk.warehouse, "pipeline").select("metric", "label")
        label = pl.col("metric").replace(dict(labels.iter_rows()))
        self.paces.show(newest_first.with_columns(metric=label))
        pace = books.policy(self.desk.warehouse, "target_pace", "linear")
        section.show(f"Policy target_pace = {pace}: each day counts the same.", frame, said)
