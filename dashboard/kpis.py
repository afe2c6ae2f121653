"""The block of KPI cards at the top of a tab."""

from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.card_html import render_cards
from dashboard.cards import Card
from dashboard.desk import Desk
from dashboard.domain_cards import domain_cards
from dashboard.html_view import HtmlView
from dashboard.operations.filling import Filling
from dashboard.styles import BASE, CARDS, SECTION
from revops import Filters

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
        self.made = list(domain_cards(self.desk, self.domain, grain(self.desk.filters)).cards)
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

    def _note(self) -> str:
        versus = self.desk.state.describe_comparison()
        compared = f"Changes are {versus.replace('vs', 'against')}. " if versus else ""
        has_interval = any(card.interval for card in self.made)
        ranges = "A range beside a value is its 95 % interval. " if has_interval else ""
        return f"{compared}{ranges}Click a card for its definition and the SQL behind it."


def grain(filters: Filters) -> str:
    """Weeks for a window of some months, months for a longer one."""
    is_short = (
        filters.since is not None
        and filters.until is not None
        and (filters.until - filters.since).days <= LONGEST_WEEKLY_DAYS
    )
    return "week" if is_short else "month"
