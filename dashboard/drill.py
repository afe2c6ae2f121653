"""The page of one channel, campaign, segment, owner or customer: numbers, trend, rows."""

from typing import Any

from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.customer import customer_parts
from dashboard.desk import Desk
from dashboard.drill_parts import DrillRows, trend
from dashboard.html_view import HtmlView
from dashboard.island import Island
from dashboard.kpis import Kpis
from dashboard.places import CUSTOMER, TABS
from dashboard.section import Section
from dashboard.styles import BASE, SECTION
from dashboard.tabs.base import GRID
from revops import evidence
from revops.customers import customer

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
TRENDS = {"marketing": "leads", "pipeline": "won_amount", "revenue": "mrr"}
CRUMB = (
    ".crumb { padding: 14px 2px 2px; } .crumb h2 { margin: 4px 0 0; font-size: 22px;"
    " font-family: var(--rc-heading-font); overflow-wrap: anywhere; }"
    " .crumb .kind { color: var(--rc-muted); font-size: 13px; }"
)
HEAD = Markup(
    '<nav class="crumb" aria-label="Breadcrumb"><button class="link" type="button" '
    'data-action="drill:">{}</button> <span class="kind">› {}</span><h2>{}</h2></nav>{}'
)
WHOLE = Markup('<p class="muted">All that is known, whatever the dates and filters.</p>')
NOTHING = Markup(
    '<div class="empty"><b>Nothing is known of {} “{}” here</b><span>No row of the files names it'
    " under these filters and dates.</span>"
    '<button class="link" type="button" data-action="drill:">Back to {}</button></div>'
)


class Drill(Viewer):
    """What is known of the entity that `state.drill` names, under the page's filters."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.crumb = HtmlView(
            on_action=desk.act, stylesheets=[BASE, SECTION, CRUMB], sizing_mode="stretch_width"
        )
        self.parts: list[Any] = []
        self.body = Island(sizing_mode="stretch_width", stylesheets=[GRID])
        self.layout = Island(self.crumb, self.body, sizing_mode="stretch_width")
        self.layout.put_away(True)
        self._shape: object = None

    def __panel__(self) -> Viewable:
        return self.layout

    def refresh(self) -> None:
        """Ask again for the entity of the state."""
        if self.desk.state.drilled is None:
            return
        kind, name = self.desk.state.drilled
        if kind == CUSTOMER:
            self._show_customer(name)
        else:
            self._show_member(kind, name)

    def _show_member(self, kind: str, name: str) -> None:
        shown = tuple(
            (domain, metric, title)
            for domain in DOMAINS[kind]
            for metric, title in ROWS[domain]
            if evidence.page(self.desk.warehouse, domain, metric, self.desk.filters).rows
        )
        self._name(kind, name, Markup() if shown else NOTHING)
        # what was drawn for one entity is filled again for the next of the same shape
        is_new = self._shape != shown
        if is_new:
            self._forget_parts()
            self._shape = shown
            for domain in dict.fromkeys(domain for domain, _, _ in shown):
                self.parts.append(Kpis(self.desk, domain, HEADLINES[domain]))
                self.parts.append(trend(self.desk, domain, TRENDS[domain]))
                self.parts += [DrillRows(self.desk, *row) for row in shown if row[0] == domain]
        for part in self.parts:
            part.refresh()
        if is_new:
            self.body.objects = list(self.parts)

    def _show_customer(self, name: str) -> None:
        wanted = (name, self.desk.state.brand_key)
        if self._shape == wanted:
            return
        found = customer(self.desk.warehouse, name)
        self._shape = wanted
        self._name(CUSTOMER, name, WHOLE if found.is_known else NOTHING)
        self._forget_parts()
        self.parts = customer_parts(self.desk, name, found) if found.is_known else []
        self.body.objects = list(self.parts)

    def _forget_parts(self) -> None:
        for part in self.parts:
            if isinstance(part, Section):
                part.forget()
        self.parts = []

    def _name(self, kind: str, name: str, said: Markup) -> None:
        tab = TABS[self.desk.state.tab]
        self.crumb.show(HEAD.format(tab, kind.capitalize(), name, said.format(kind, name, tab)))
