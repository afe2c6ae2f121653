"""The block of KPI cards at the top of a tab."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.benchmarks import Benchmark, benchmarks
from dashboard.card_html import render_cards
from dashboard.cards import BENCHMARK, EARLIER, TARGET, Card, Versus, cards
from dashboard.desk import Desk, badge
from dashboard.html_view import HtmlView
from dashboard.operations.filling import Filling
from dashboard.styles import BASE, CARDS, SECTION
from revops import Filters, metrics, units
from revops.targets import targets

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
        catalogue = metrics.catalogue(desk.warehouse, self.domain)
        trend = self._trend(desk.filters)
        # every split comes with its total row, so one question gives the values and the lines
        now = trend.filter("is_total").row(0, named=True)
        usual = benchmarks(desk.warehouse, desk.filters, desk.currency)
        asked = targets(desk.warehouse, desk.filters)
        before, versus = self._compared_with(usual, asked)
        made = cards(
            catalogue,
            now,
            before,
            trend,
            desk.currency,
            badge(now["filters_not_applied"], desk.filters),
            versus,
        )
        units_of = dict(catalogue.select("metric", "unit").iter_rows())
        return [
            replace(card, mark=self._mark(card, usual, asked, units_of[card.metric]))
            for card in made
        ]

    def _compared_with(
        self,
        usual: Mapping[tuple[str, str], Benchmark],
        asked: Mapping[tuple[str, str], float],
    ) -> tuple[Mapping[str, Any] | None, Versus]:
        """One number per metric, and what they are."""
        desk = self.desk
        if desk.state.compare == "target":
            return _of(self.domain, asked), TARGET
        if desk.state.compare == "benchmark":
            values = {place: one.value for place, one in usual.items()}
            return _of(self.domain, values), BENCHMARK
        earlier = desk.compared_filters
        total = metrics.total(desk.warehouse, self.domain, earlier) if earlier else None
        return total, EARLIER

    def _mark(
        self,
        card: Card,
        usual: Mapping[tuple[str, str], Benchmark],
        asked: Mapping[tuple[str, str], float],
        unit: str,
    ) -> str:
        """The benchmark and the target of a card, unless it is compared with just that."""
        place, compare, said = (card.domain, card.metric), self.desk.state.compare, []
        if place in usual and compare != "benchmark":
            said.append(f"benchmark {usual[place].target}")
        if place in asked and compare != "target":
            said.append(f"target {units.format(asked[place], unit, self.desk.currency)}")
        return " · ".join(said)

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


def _of(domain: str, values: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """What is known of one domain, by metric."""
    return {metric: value for (whose, metric), value in values.items() if whose == domain}
