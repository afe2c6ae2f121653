"""Revenue: what recurs, how it moved month by month, and why customers left."""

from dataclasses import replace

import polars as pl
from panel.viewable import Viewer

from dashboard.charts.bars import bars
from dashboard.charts.lines import lines
from dashboard.charts.waterfall import mrr_waterfall
from dashboard.kpis import Kpis
from dashboard.section import Section
from dashboard.sentences import latest_month, main_reason
from dashboard.state import TABS
from dashboard.tables import Column, Table
from dashboard.tabs.base import ChartPane, Tab
from dashboard.wording import report_badge
from revops import metrics, reports

HEADLINE = ("mrr", "nrr", "grr", "logo_churn", "quick_ratio")
MONTHS = (
    Column("month", "Month", "date"),
    Column("opening_mrr", "Opening", "money"),
    Column("new_mrr", "New", "money"),
    Column("reactivation_mrr", "Reactivation", "money"),
    Column("expansion_mrr", "Expansion", "money"),
    Column("transferred_in_mrr", "Moved in", "money"),
    Column("contraction_mrr", "Contraction", "money"),
    Column("churned_mrr", "Churned", "money"),
    Column("transferred_out_mrr", "Moved out", "money"),
    Column("closing_mrr", "Closing", "money"),
)
SEGMENTS = (
    Column("segment", "Segment"),
    Column("mrr", "MRR", "money"),
    Column("mrr_share", "Of MRR", "ratio"),
    Column("paying_customers", "Paying customers", "count"),
    Column("arpa", "ARPA", "money"),
    Column("nrr", "NRR", "ratio"),
    Column("grr", "GRR", "ratio"),
    Column("logo_churn", "Logo churn", "ratio"),
    Column("gross_mrr_churn", "Gross MRR churn", "ratio"),
)
NOTHING = "No recurring revenue"
WHY = "No customer passes these filters in this window."
ONE_SNAPSHOT = (
    "The MRR history is not known: one snapshot says what customers pay today. "
    "Add subscriptions.csv to see how it moved."
)


class Revenue(Tab):
    """The revenue tab."""

    def sections(self) -> list[Viewer]:
        segments = len(self.desk.state.options.get("segments", ())) or 1
        self.waterfall = ChartPane(mrr_waterfall)
        self.lines = ChartPane(lines("money", "Month of", latest_month, series=segments))
        self.reasons = ChartPane(bars("money", 1, main_reason))
        self.months = Table(MONTHS, self.desk.currency)
        self.segments = Table(SEGMENTS, self.desk.currency)
        self.segments.opens("segment", self.desk.act)
        made = self.section
        return [
            Kpis(self.desk, "revenue", HEADLINE),
            *[self._domain(name) for name in self._other_domains()],
            made(
                "MRR month by month", "monthly recurring revenue", [self.waterfall], self._waterfall
            ),
            made("MRR by segment", "at month ends", [self.lines], self._lines, 6),
            made("Churn reasons", "MRR lost", [self.reasons], self._reasons, 6),
            made("Segments", "at the window's end", [self.segments], self._segments),
            made("Months", "", [self.months], self._months),
        ]

    def _other_domains(self) -> list[str]:
        """Domains of metrics without a tab of their own, such as finance."""
        return [name for name in metrics.domains(self.desk.warehouse) if name not in TABS]

    def _domain(self, name: str) -> Section:
        block = Kpis(self.desk, name, ())

        def work(section: Section) -> None:
            block.refresh()
            section.show()

        return self.section(name.capitalize(), "", [block], work, has_download=False)

    def _months_frame(self, section: Section) -> tuple[pl.DataFrame, str] | None:
        frame = reports.query(self.desk.warehouse, "mrr_waterfall", self.desk.filters)
        said = report_badge(self.desk, "mrr_waterfall", frame)
        if frame.is_empty():
            section.show_empty(NOTHING, WHY, said)
            return None
        return frame, said

    def _waterfall(self, section: Section) -> None:
        if not (found := self._months_frame(section)):
            return
        frame, said = found
        known = frame.filter(
            frame["opening_mrr"].is_not_null() & frame["closing_mrr"].is_not_null()
        )
        if known.is_empty():
            section.show_empty("Not known", ONE_SNAPSHOT, said)
            return
        summary, key = self.waterfall.show(known, self.desk)
        section.show(summary, frame, said, key)

    def _months(self, section: Section) -> None:
        if found := self._months_frame(section):
            frame, said = found
            self.months.show(frame.sort("month", descending=True))
            section.show(f"Source: {frame['source'].item(0)}.", frame, said)

    def _lines(self, section: Section) -> None:
        """One question per segment: a domain is split by one thing at a time."""
        filters = self.desk.filters
        found = []
        for place, segment in enumerate(self.desk.state.options.get("segments", ())):
            if filters.segments and segment not in filters.segments:
                continue
            one = replace(filters, segments=(segment,))
            by_month = metrics.query(self.desk.warehouse, "revenue", one, by="month")
            found.append(
                by_month.filter(~by_month["is_total"]).select(
                    pl.lit(segment).alias("series"),
                    pl.lit(place).alias("position"),
                    pl.col("slice").str.to_date().alias("start"),
                    pl.col("mrr").cast(pl.Float64).alias("value"),
                    "is_partial",
                )
            )
        shown = pl.concat(found) if found else pl.DataFrame()
        if shown.is_empty() or not shown["value"].drop_nulls().sum():
            section.show_empty(NOTHING, WHY)
            return
        summary, _ = self.lines.show(shown, self.desk)
        section.show(summary, shown)

    def _reasons(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "churn_reasons", self.desk.filters)
        said = report_badge(self.desk, "churn_reasons", frame)
        if frame.is_empty():
            section.show_empty("No churn", "No customer left in this window.", said)
            return
        known = frame.filter(frame["churned_mrr"].is_not_null())
        if known.is_empty():
            why = "What churned customers paid is not known from one snapshot."
            section.show_empty("Not known", why, said)
            return
        shown = known.sort("churned_mrr", descending=True).select(
            name="churn_reason",
            value="churned_mrr",
            note=pl.format("{} customers", "churned_customers"),
        )
        summary, _ = self.reasons.show(shown, self.desk)
        section.show(summary, frame, said)

    def _segments(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "mrr_by_segment", self.desk.filters)
        said = report_badge(self.desk, "mrr_by_segment", frame)
        if frame.is_empty():
            section.show_empty(NOTHING, WHY, said)
            return
        self.segments.show(frame)
        section.show("", frame, said)
