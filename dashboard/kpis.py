"""The block of KPI cards at the top of a tab."""

from dataclasses import replace

import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.benchmarks import benchmarks
from dashboard.card_html import render_cards
from dashboard.cards import Card, cards
from dashboard.desk import Desk, badge
from dashboard.html_view import HtmlView
from dashboard.operations.filling import Filling
from dashboard.styles import BASE, CARDS, SECTION
from revops import Filters, metrics

LONGEST_WEEKLY_DAYS = 200
WAITING = Markup('<div class="empty" role="status"><b>Still asking the warehouse…</b></div>')
FULL_WIDTH = ":host { grid-column: 1 / -1; min-width: 0; }"


class Kpis(Viewer):
    """A domain's cards: the `headline` metrics large, every other one compact behind them."""

    def __init__(self, desk: Desk, domain: str, headline: tuple[str, ...]) -> None:
        super().__init__()
        self.desk, self.domain, self.headline = desk, domain, headline
        self.made: list[Card] = []
        self._filling = Filling(f"cards of {domain}", self._fill, self._wait, self._fail)
        self.view = HtmlView(
            on_action=desk.act,
            stylesheets=[BASE, CARDS, SECTION, FULL_WIDTH],
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> Viewable:
        return self.view

    def refresh(self) -> None:
        """Ask again; a failure shows here with its id and nowhere else."""
        self._filling.run()

    def _fill(self) -> None:
        self.made = self._cards()
        self.view.show(render_cards(self.made, self.headline, self._note()))

    def _wait(self) -> None:
        self.view.show(WAITING)

    def _fail(self, mark: str, _: Exception) -> None:
        self.view.show(
            Markup(
                '<div class="failed" role="alert"><b>These cards could not be filled.</b>'
                "<div>The log has the details under <code>{}</code>.</div></div>"
            ).format(mark)
        )

    def _cards(self) -> list[Card]:
        desk = self.desk
        earlier = desk.compared_filters
        trend = self._trend(desk.filters)
        # every split comes with its total row, so one question gives the values and the lines
        now = trend.filter("is_total").row(0, named=True)
        made = cards(
            metrics.catalogue(desk.warehouse, self.domain),
            now,
            metrics.total(desk.warehouse, self.domain, earlier) if earlier else None,
            trend,
            desk.currency,
            badge(now["filters_not_applied"], desk.filters),
        )
        known = benchmarks(desk.warehouse, desk.filters, desk.currency)
        return [
            replace(card, benchmark=f"benchmark {one.target}")
            if (one := known.get((card.domain, card.metric)))
            else card
            for card in made
        ]

    def _trend(self, filters: Filters) -> pl.DataFrame:
        is_short = (
            filters.since is not None
            and filters.until is not None
            and (filters.until - filters.since).days <= LONGEST_WEEKLY_DAYS
        )
        grain = "week" if is_short else "month"
        return metrics.query(self.desk.warehouse, self.domain, filters, by=grain)

    def _note(self) -> str:
        versus = self.desk.state.describe_comparison()
        compared = f"Changes are {versus.replace('vs', 'against')}. " if versus else ""
        return f"{compared}Click a card for its definition and the SQL behind it."
