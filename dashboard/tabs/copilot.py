"""AI Co-Pilot: what the rules found worth saying, with the evidence and what to do about it."""

import panel_material_ui as pmui
from panel.viewable import Viewer

from dashboard.html_view import HtmlView
from dashboard.insight_cards import render_insights
from dashboard.section import Section
from dashboard.styles import BASE, INSIGHTS, PROOF
from dashboard.tabs.base import Tab
from dashboard.what_if import TITLE, UNIT, WhatIf
from revops import insights
from revops.insights import Insight
from revops.insights.model import SEVERITIES

EVERY = "all"
CATEGORIES = {
    "All categories": EVERY,
    "Marketing": "marketing",
    "Pipeline": "pipeline",
    "Revenue": "revenue",
    "Data": "data",
}
GRAVITIES = {"All severities": EVERY, "High": "high", "Medium": "medium", "Low": "low"}


class CoPilot(Tab):
    """The tab of written insights."""

    def sections(self) -> list[Viewer]:
        self.found: list[Insight] = []
        self.category = _choice("Category", CATEGORIES)
        self.severity = _choice("Severity", GRAVITIES)
        self.view = HtmlView(
            on_action=self.desk.act,
            stylesheets=[BASE, INSIGHTS, PROOF],
            sizing_mode="stretch_width",
        )
        for choice in (self.category, self.severity):
            choice.param.watch(self._paint, "value")
        choices = pmui.FlexBox(
            self.category, self.severity, gap="12px", sizing_mode="stretch_width"
        )
        section = self.section(
            "What the numbers say",
            "for the filters in force",
            [choices, self.view],
            self._ask,
            has_download=False,
        )
        self.what_if = WhatIf(self.desk)
        planned = self.section(
            TITLE, UNIT, self.what_if.body(), self.what_if.fill, has_download=False
        )
        return [section, planned]

    def chosen(self) -> list[Insight]:
        """The insights that pass the tab's own two filters, most pressing first."""
        return [
            one
            for one in self.found
            if self.category.value in (EVERY, one.category)
            and self.severity.value in (EVERY, one.severity)
        ]

    def _ask(self, section: Section) -> None:
        self.found = insights.run(self.desk.warehouse, self.desk.filters)
        news = [one for one in self.found if one.is_news]
        counted = [
            f"{sum(one.severity == severity for one in news)} {severity}"
            for severity in SEVERITIES
            if any(one.severity == severity for one in news)
        ]
        self._paint()
        section.show(
            f"{len(self.found)} questions were asked: "
            f"{', '.join(counted) if counted else 'nothing significant'}. "
            "Confidence is computed from the evidence; nothing here is sent anywhere."
        )

    def _paint(self, *_: object) -> None:
        self.view.show(render_insights(self.chosen(), self.desk.currency))


def _choice(label: str, options: dict[str, str]) -> pmui.Select:
    return pmui.Select(
        label=label, options=options, value=EVERY, size="small", width=158, margin=(4, 0, 12, 0)
    )
