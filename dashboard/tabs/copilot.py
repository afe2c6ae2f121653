"""AI Co-Pilot: what the rules found worth saying, with the evidence and what to do about it."""

from typing import Any

import panel_material_ui as pmui
from panel.viewable import Viewer

from dashboard.html_view import HtmlView
from dashboard.insight_cards import render_insights
from dashboard.insight_movement import STYLE as MOVED
from dashboard.places import CATEGORIES, EVERY, GRAVITIES
from dashboard.rewording import reword
from dashboard.section import Section
from dashboard.styles import BASE, INSIGHTS, PROOF
from dashboard.tabs.base import Tab, served_page
from dashboard.tabs.forecasts import TITLES, ForecastCard
from dashboard.tabs.forecasts import UNIT as AHEAD
from dashboard.what_if import TITLE, UNIT, WhatIf
from revops import insights
from revops.insights import Insight
from revops.insights.leads import Lead, lead, movement
from revops.insights.model import SEVERITIES
from revops.insights.why import Explanation
from revops.insights.wording import Told

OWN_FILTERS = ["category", "severity"]


class CoPilot(Tab):
    """The tab of written insights."""

    def sections(self) -> list[Viewer]:
        self.found: list[Insight] = []
        self.told = Told([])
        self.leads: dict[str, Lead] = {}
        self.moved: dict[str, Explanation] = {}
        self.view = HtmlView(
            on_action=self._act,
            stylesheets=[BASE, INSIGHTS, PROOF, MOVED],
            sizing_mode="stretch_width",
        )
        self.category = self._choice("Category", "category", CATEGORIES)
        self.severity = self._choice("Severity", "severity", GRAVITIES)
        self.desk.state.param.watch(self._paint, OWN_FILTERS)
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
        forecasts = [
            self.section(title, AHEAD, card.body(), card.fill, span=6)
            for title, card in (
                (title, ForecastCard(self.desk, subject)) for subject, title in TITLES.items()
            )
        ]
        self.what_if = WhatIf(self.desk)
        planned = self.section(
            TITLE, UNIT, self.what_if.body(), self.what_if.fill, has_download=False
        )
        return [section, *forecasts, planned]

    def chosen(self) -> list[Insight]:
        """The insights that pass the tab's own two filters, most pressing first."""
        state = self.desk.state
        category, severity = state.category, state.severity
        return [
            one
            for one in self.told.insights
            if category in (EVERY, one.category) and severity in (EVERY, one.severity)
        ]

    def _ask(self, section: Section) -> None:
        warehouse, filters = self.desk.warehouse, self.desk.filters
        self.found = insights.run(warehouse, filters)
        news = [one for one in self.found if one.is_news]
        known = {one.rule: lead(warehouse, one, filters) for one in news}
        self.leads = {rule: found for rule, found in known.items() if found is not None}
        self.moved = {}
        counted = [
            f"{sum(one.severity == severity for one in news)} {severity}"
            for severity in SEVERITIES
            if any(one.severity == severity for one in news)
        ]
        said = (
            f"{len(self.found)} questions were asked: "
            f"{', '.join(counted) if counted else 'nothing significant'}. "
            "Confidence is computed from the evidence."
        )
        asked = self.found

        def show(told: Told) -> None:
            if self.found is asked:
                self.told = told
                self._paint()
                section.show(f"{said} {told.note}")

        reword(asked, self.desk.currency, show)
        page, rules = served_page(), list(self.leads)
        if page is None:
            self._divide(asked, rules)
        else:
            page.add_next_tick_callback(lambda: self._divide(asked, rules))

    def _divide(self, asked: list[Insight], rules: list[str]) -> None:
        """Find what moved each number, one after the other: the words are on the page by then."""
        page = served_page()
        while rules and self.found is asked:
            rule = rules.pop(0)
            found = self.leads[rule]
            before = self.desk.state.compared(found.filters)
            moved = movement(self.desk.warehouse, found, before)
            if moved is not None:
                self.moved[rule] = moved
            if page is not None and rules:
                page.add_next_tick_callback(lambda: self._divide(asked, rules))
                return
        if self.found is asked:
            self._paint()

    def _act(self, action: str) -> None:
        kind, _, rule = action.partition(":")
        found = self.leads.get(rule)
        if kind not in ("rows", "moved") or found is None:
            self.desk.act(action)
            return
        place = {"rows": "proof", "moved": "why"}[kind]
        self.desk.state.param.update(
            **{"proof": "", "why": "", place: found.metric}, scope=found.filters.to_query()
        )

    def _paint(self, *_: object) -> None:
        self.view.show(render_insights(self.chosen(), self.desk.currency, self.leads, self.moved))

    def _choice(self, label: str, name: str, options: dict[str, str]) -> pmui.Select:
        """A choice in step with the state, and so with the address."""
        state = self.desk.state
        made = pmui.Select(
            label=label,
            options={words: key for key, words in options.items()},
            value=getattr(state, name),
            size="small",
            width=158,
            margin=(4, 0, 12, 0),
        )

        def tell(event: Any) -> None:
            state.param.update(**{name: event.new})

        def hear(event: Any) -> None:
            made.value = event.new

        made.param.watch(tell, "value")
        state.param.watch(hear, name)
        return made
