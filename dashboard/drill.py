"""The page of one channel, campaign, segment or owner: its numbers, their trend, its rows."""

import panel as pn
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.desk import Desk
from dashboard.html_view import HtmlView
from dashboard.kpis import Kpis
from dashboard.proof_rows import Reading, rows_table
from dashboard.state import TABS
from dashboard.styles import BASE, PROOF, SECTION
from revops import evidence, metrics

HEADLINES = {
    "marketing": ("spend", "leads", "cpl", "media_cac", "roi"),
    "pipeline": ("open_pipeline", "weighted_pipeline", "win_rate", "won_amount", "stuck_deals"),
    "revenue": ("mrr", "nrr", "grr", "logo_churn", "arpa"),
}
# an entity's page speaks of the domains whose files name it
DOMAINS = {
    "channel": ("marketing", "pipeline", "revenue"),
    "campaign": ("marketing",),
    "segment": ("marketing", "pipeline", "revenue"),
    "owner": ("pipeline",),
}
ROWS = {
    "marketing": (("spend", "Ad spend"),),
    "pipeline": (("open_deals", "Open deals"), ("closed_deals", "Deals closed in the window")),
    "revenue": (("mrr", "Customers who pay"),),
}
CRUMB = (
    ".crumb { padding: 14px 2px 2px; } .crumb h2 { margin: 4px 0 0; font-size: 22px;"
    " font-family: var(--rc-heading-font); overflow-wrap: anywhere; }"
    " .crumb .kind { color: var(--rc-muted); font-size: 13px; }"
    " h3.domain { margin: 18px 0 8px; font-size: 15px; }"
)
NOTHING = Markup(
    '<div class="empty"><b>Nothing is known of {} “{}” here</b><span>No row of the files names it'
    " under these filters and dates.</span>"
    '<button class="link" type="button" data-action="drill:">Back to {}</button></div>'
)


class DrillRows(Viewer):
    """The rows behind one metric of the entity, which page on the server."""

    def __init__(self, desk: Desk, domain: str, metric: str, title: str) -> None:
        super().__init__()
        self.desk, self.domain, self.metric, self.title = desk, domain, metric, title
        self.view = HtmlView(
            on_action=self._turn,
            stylesheets=[BASE, PROOF, CRUMB],
            sizing_mode="stretch_width",
            margin=(0, 0, 24, 0),
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

    def _turn(self, action: str) -> None:
        kind, _, number = action.partition(":")
        if kind == "page" and number.isascii() and number.isdigit():
            self.refresh(int(number[:9]))


class Drill(Viewer):
    """What is known of the entity that `state.drill` names, under the page's filters."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.crumb = HtmlView(
            on_action=desk.act, stylesheets=[BASE, SECTION, CRUMB], sizing_mode="stretch_width"
        )
        self.parts: list[Kpis | DrillRows] = []
        self.body = pn.Column(sizing_mode="stretch_width")
        self.layout = pn.Column(self.crumb, self.body, sizing_mode="stretch_width", visible=False)

    def __panel__(self) -> Viewable:
        return self.layout

    def refresh(self) -> None:
        """Ask again for the entity of the state."""
        if self.desk.state.drilled is None:
            return
        kind, name = self.desk.state.drilled
        tab = TABS[self.desk.state.tab]
        shown = [
            (domain, metric, title)
            for domain in DOMAINS[kind]
            for metric, title in ROWS[domain]
            if evidence.page(self.desk.warehouse, domain, metric, self.desk.filters).rows
        ]
        head = Markup(
            '<nav class="crumb" aria-label="Breadcrumb"><button class="link" type="button" '
            'data-action="drill:">{}</button> <span class="kind">› {}</span><h2>{}</h2></nav>{}'
        )
        empty = Markup() if shown else NOTHING.format(kind, name, tab)
        self.crumb.show(head.format(tab, kind.capitalize(), name, empty))
        self.parts = []
        for domain in dict.fromkeys(domain for domain, _, _ in shown):
            self.parts.append(Kpis(self.desk, domain, HEADLINES[domain]))
            self.parts += [DrillRows(self.desk, *row) for row in shown if row[0] == domain]
        for part in self.parts:
            part.refresh()
        self.body.objects = list(self.parts)
