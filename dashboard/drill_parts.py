"""What the page of an entity is made of besides cards: a trend, and the rows behind a metric."""

import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.cell_proofs import CellProofs
from dashboard.charts.lines import lines
from dashboard.desk import Desk
from dashboard.html_view import HtmlView
from dashboard.kpis import grain
from dashboard.proof_rows import Reading, rows_table
from dashboard.section import Section
from dashboard.sentences import periods_said
from dashboard.styles import BASE, PROOF
from dashboard.tabs.base import ChartPane
from revops import evidence, metrics

LOOK = (
    ":host { grid-column: 1 / -1; min-width: 0; }"
    " h3.domain { margin: 6px 0 8px; font-size: 15px; font-family: var(--rc-heading-font); }"
)


class DrillRows(Viewer):
    """The rows behind one metric of the entity, which page on the server."""

    def __init__(self, desk: Desk, domain: str, metric: str, title: str) -> None:
        super().__init__()
        self.desk, self.domain, self.metric, self.title = desk, domain, metric, title
        self.view = HtmlView(
            on_action=self._act,
            stylesheets=[BASE, PROOF, LOOK],
            sizing_mode="stretch_width",
            margin=(0, 0, 12, 0),
        )

    def __panel__(self) -> Viewable:
        return self.view

    def refresh(self, number: int = 1) -> None:
        """Show a page of the rows."""
        desk = self.desk
        reading = Reading.of(metrics.catalogue(desk.warehouse, self.domain), desk.currency)
        page = evidence.page(desk.warehouse, self.domain, self.metric, desk.filters, number)
        self.view.show(
            Markup('<h3 class="domain">{}</h3>{}').format(self.title, rows_table(page, reading))
        )

    def _act(self, action: str) -> None:
        kind, _, number = action.partition(":")
        if kind != "page":
            self.desk.act(action)
        elif number.isascii() and number.isdigit():
            self.refresh(int(number[:9]))


def trend(desk: Desk, domain: str, metric: str) -> Section:
    """A card with the metric of the entity over the window, by week or month."""
    known = metrics.catalogue(desk.warehouse, domain).filter(pl.col("metric") == metric)
    label, unit = known.select("label", "unit").row(0)
    chart = ChartPane(lines(unit, "Period from", periods_said, series=1, height=240))

    def work(section: Section) -> None:
        # the cards asked the same for their small lines: it is answered from memory
        frame = metrics.query(desk.warehouse, domain, desk.filters, by=grain(desk.filters))
        shown = frame.filter(~pl.col("is_total") & pl.col(metric).is_not_null()).select(
            pl.lit(label).alias("series"),
            pl.lit(0).alias("position"),
            pl.col("slice").str.to_date().alias("start"),
            pl.col(metric).cast(pl.Float64).alias("value"),
            pl.col("is_partial").fill_null(value=False),
        )
        if shown.is_empty():
            section.show_empty("Not known", "No period of this window has a value.")
            return
        summary, _ = chart.show(shown, desk)
        section.proves(CellProofs.of(desk.warehouse, domain, {grain(desk.filters): "start"}).action)
        section.show(
            summary,
            shown.select("start", "is_partial", metric=pl.col("value")).rename({"metric": metric}),
        )

    return Section(label, "over time", [chart], work, desk)
