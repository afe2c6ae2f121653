"""Revenue: what recurs, how it moved month by month, and why customers left."""

from collections.abc import Iterator, Mapping
from typing import Any

import panel_material_ui as pmui
import polars as pl
from panel.viewable import Viewer

from dashboard.charts.bars import bars
from dashboard.charts.lines import lines
from dashboard.charts.waterfall import mrr_waterfall
from dashboard.cohort_grid import LOOK, cohort_grid
from dashboard.html_view import HtmlView
from dashboard.kpis import Kpis
from dashboard.places import COHORTS, TABS
from dashboard.section import PROVEN, Section
from dashboard.sentences import latest_month, main_reason
from dashboard.styles import BASE, CELL
from dashboard.tables import Table
from dashboard.tabs.base import ChartPane, Tab
from dashboard.tabs.columns import CHURN, MONTHS, SEGMENTS
from dashboard.wording import report_badge
from revops import Filters, metrics, reports

HEADLINE = ("mrr", "nrr", "grr", "logo_churn", "quick_ratio")
NOTHING = "No recurring revenue"
WHY = "No customer passes these filters in this window."
OUT_OF_REACH = (
    "The MRR history does not reach this window. Choose another period, or add subscriptions.csv."
)
ONE_SNAPSHOT = (
    "The MRR history is not known: one snapshot says what customers pay today. "
    "Add subscriptions.csv to see how it moved."
)


FLOWS = tuple(column.name for column in MONTHS if column.name not in ("month", "closing_mrr"))


class Revenue(Tab):
    """The revenue tab."""

    def sections(self) -> Iterator[Viewer]:
        yield Kpis(self.desk, "revenue", HEADLINE)
        self.waterfall = ChartPane(mrr_waterfall)
        self.by_segment, self.by_plan = self._lines_of("segments"), self._lines_of("plans")
        self.reasons = ChartPane(bars("money", 1, main_reason))
        self.months = Table(MONTHS, self.desk.currency)
        self.losses = Table(CHURN, self.desk.currency)
        self.grid = HtmlView(
            on_action=self.desk.act,
            stylesheets=[BASE, CELL, LOOK],
            sizing_mode="stretch_width",
        )
        self.measure = pmui.RadioButtonGroup(
            options={label: name for name, label in COHORTS.items()},
            value=self.desk.state.cohorts,
            size="small",
            color="primary",
            margin=(0, 0, 10, 0),
        )
        self.measure.link(self.desk.state, value="cohorts", bidirectional=True)
        self.desk.state.param.watch(self._paint_cohorts, "cohorts")
        self.cohorts = pl.DataFrame()
        self.segments = Table(SEGMENTS, self.desk.currency)
        self.segments.opens("segment", self.desk.act)
        self.prove(self.segments, "revenue", "segment")
        self.prove(self.months, "revenue", "month", closing_mrr="mrr")
        self.of_month = self.cells("revenue", {"month": "month"}, closing_mrr="mrr")
        made = self.section
        yield from (
            *[self._domain(name) for name in self._other_domains()],
            made(
                "MRR month by month", "monthly recurring revenue", [self.waterfall], self._waterfall
            ).proves(self._proves_month),
            made(
                "MRR by segment", "at month ends", [self.by_segment], self._segment_lines, 6
            ).proves(self.cells("revenue", {"segment": "segment", "month": "start"})),
            made("MRR by plan", "at month ends", [self.by_plan], self._plan_lines, 6).proves(
                self.cells("revenue", {"plan": "plan", "month": "start"})
            ),
            made("Churn reasons", "MRR lost", [self.reasons], self._reasons),
            made(
                "Retention by cohort",
                "share left after so many months",
                [self.measure, self.grid],
                self._cohorts,
            ),
            made("Losses", "by reason, segment and tenure", [self.losses], self._losses),
            made("Segments", "at the window's end", [self.segments], self._segments),
            made("Months", "", [self.months], self._months),
        )

    def _other_domains(self) -> list[str]:
        """Domains of metrics without a tab of their own, such as finance."""
        return [name for name in metrics.domains(self.desk.warehouse) if name not in TABS]

    def _domain(self, name: str) -> Section:
        block = Kpis(self.desk, name, ())

        def work(section: Section) -> None:
            block.refresh()
            section.show()

        return self.section(name.capitalize(), "", [block], work, has_download=False)

    def _nothing(self, section: Section, badge: str = "") -> None:
        """No row: what is paid in this window is not known, or nothing is."""
        warehouse = self.desk.warehouse
        if metrics.total(warehouse, "revenue", self.desk.filters)["mrr"] is None:
            section.show_empty("Not known", OUT_OF_REACH, badge, way_out=False)
        else:
            section.show_empty(NOTHING, WHY, badge)

    def _months_frame(self, section: Section) -> tuple[pl.DataFrame, str] | None:
        frame = reports.query(self.desk.warehouse, "mrr_waterfall", self.desk.filters)
        said = report_badge(self.desk, "mrr_waterfall", frame)
        # a plan that nobody has leaves months of nothing, not no months
        amounts = frame.select(pl.col("opening_mrr", "closing_mrr", "churned_mrr"))
        if all(amount == 0 for row in amounts.iter_rows() for amount in row):
            self._nothing(section, said)
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

    def _proves_month(self, column: str, row: Mapping[str, Any]) -> str:
        if column in FLOWS and is_of_other_flows(row):
            return ""
        return self.of_month(column, row)

    def _months(self, section: Section) -> None:
        if found := self._months_frame(section):
            frame, said = found
            self.months.unproven = frozenset(other_flows(frame))
            self.months.show(frame.sort("month", descending=True))
            section.show(f"Source: {frame['source'].item(0)}.", frame, said)

    def _lines_of(self, kind: str) -> ChartPane:
        """A line for each member of a filter, such as "segments"."""
        members = len(self.desk.state.options.get(kind, ()))
        return ChartPane(lines("money", "Month of", latest_month, series=members or 1))

    def _segment_lines(self, section: Section) -> None:
        self._show_lines(section, self.by_segment, "segments", "segment")

    def _plan_lines(self, section: Section) -> None:
        self._show_lines(section, self.by_plan, "plans", "plan")

    def _show_lines(self, section: Section, pane: ChartPane, kind: str, column: str) -> None:
        """One question per member: a domain is split by one thing at a time."""
        filters = self.desk.filters
        chosen, found = filters.members().get(kind), []
        for place, member in enumerate(self.desk.state.options.get(kind, ())):
            if chosen and member not in chosen:
                continue
            kept = {**filters.members(), kind: (member,)}
            one = Filters(filters.since, filters.until, **kept)
            by_month = metrics.query(self.desk.warehouse, "revenue", one, by="month")
            found.append(
                by_month.filter(~by_month["is_total"]).select(
                    pl.lit(member).alias("series"),
                    pl.lit(place).alias("position"),
                    pl.col("slice").str.to_date().alias("start"),
                    pl.col("mrr").cast(pl.Float64).alias("value"),
                    "is_partial",
                )
            )
        shown = pl.concat(found) if found else pl.DataFrame()
        if shown.is_empty() or not shown["value"].drop_nulls().sum():
            self._nothing(section)
            return
        summary, _ = pane.show(shown, self.desk)
        section.show(summary, shown.drop("position").rename({"series": column, "value": "mrr"}))

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

    def _cohorts(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "retention_cohorts", self.desk.filters)
        said = report_badge(self.desk, "retention_cohorts", frame)
        self.cohorts = frame.filter(frame["cohort_customers"].is_not_null())
        if self.cohorts.is_empty():
            why = "A cohort needs a whole month in the window, and a history month by month."
            section.show_empty("No cohorts", why, said)
            return
        self._paint_cohorts()
        section.show(
            "Customers by the month in which they first paid. The row of all is a ratio of sums "
            f"over the cohorts that have come this far; months still to come are empty. {PROVEN}",
            frame,
            said,
        )

    def _paint_cohorts(self, *_: object) -> None:
        if not self.cohorts.is_empty():
            measure = self.desk.state.cohorts
            self.grid.show(cohort_grid(self.cohorts, measure, self.desk.currency, is_proven=True))

    def _losses(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "churn_analysis", self.desk.filters)
        said = report_badge(self.desk, "churn_analysis", frame)
        losses = frame.filter(~frame["is_total"])
        if losses.is_empty():
            section.show_empty("No churn", "No customer left in this window.", said)
            return
        self.losses.show(losses)
        section.show("Share of base is the monthly loss of that segment and tenure.", frame, said)

    def _segments(self, section: Section) -> None:
        frame = reports.query(self.desk.warehouse, "mrr_by_segment", self.desk.filters)
        said = report_badge(self.desk, "mrr_by_segment", frame)
        if frame.is_empty():
            self._nothing(section, said)
            return
        self.segments.show(frame)
        section.show("", frame, said)


def other_flows(frame: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """By month and column the flows that the metrics do not tell."""
    for row in frame.select("month", "is_partial", "source").iter_rows(named=True):
        if is_of_other_flows(row):
            yield from ((row["month"].isoformat(), name) for name in FLOWS)


def is_of_other_flows(row: Mapping[str, Any]) -> bool:
    """Of the month that runs, and as a file supplied them.

    A metric's flow is one of whole months, by the history of MRR.
    """
    return bool(row["is_partial"]) or row["source"].startswith("from one snapshot")
