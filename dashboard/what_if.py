"""What if: levers over the window looked at, and what it would have come to."""

import io
from functools import partial
from typing import Any

import panel_material_ui as pmui
from panel.viewable import Viewable

from dashboard.desk import Desk
from dashboard.exports import file_name
from dashboard.html_view import HtmlView
from dashboard.section import Section
from dashboard.styles import BASE, INSIGHTS, PROOF
from dashboard.what_if_html import STYLE, render_outcome
from dashboard.why_steps import STYLE as STEPS
from revops import what_if
from revops.errors import RevopsError
from revops.what_if import ASSUMED, LEVERS, Scenario, shorthand

TITLE = "What if"
UNIT = "the window looked at, with other rates"
HEADLINE = "mrr"
# first, last and starting value of a slider, in percent
LEVER = (-50, 100, 0)
ASSUMPTION = (0, 100, 100)
MOST_BYTES = 20_000
BUTTON: dict[str, Any] = {
    "variant": "outlined",
    "size": "small",
    "icon_size": "16px",
    "width": 104,
    "height": 34,
    "margin": (8, 0, 14, 0),
    "sx": {"fontSize": "13px"},
}


class WhatIf:
    """Sliders for the levers, a file to keep them in, and the outcome for the page's filters."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.base, self.chosen, self.refused = Scenario(), HEADLINE, ""
        self._is_following = False
        self.section: Section | None = None
        self.sliders = {
            **{name: _slider(f"{label}, %", *LEVER) for name, label in LEVERS.items()},
            **{name: _slider(f"{label}, %", *ASSUMPTION) for name, label in ASSUMED.items()},
        }
        self.save = pmui.FileDownload(
            callback=self._file,
            filename=file_name(TITLE, desk.filters, desk.warehouse.build.as_of, "toml"),
            auto=True,
            embed=False,
            label="Save",
            **BUTTON,
            description="Download this scenario as a small TOML file",
        )
        self.load = pmui.FileInput(accept=".toml", label="Load", **BUTTON)
        self.reset = pmui.Button(label="Reset", icon="restart_alt", on_click=self._reset, **BUTTON)
        self.view = HtmlView(
            on_action=self._act,
            stylesheets=[BASE, PROOF, INSIGHTS, STEPS, STYLE],
            sizing_mode="stretch_width",
        )
        for name, slider in self.sliders.items():
            slider.param.watch(partial(self._moved, name), "value_throttled")
        self.load.param.watch(self._read, "value")
        desk.state.param.watch(self._follow, "what_if")
        self._follow()

    def body(self) -> list[Viewable]:
        """What the card holds, from top to bottom."""
        levers = pmui.FlexBox(*self.sliders.values(), gap="0px", sizing_mode="stretch_width")
        files = pmui.FlexBox(
            self.save, self.load, self.reset, gap="10px", sizing_mode="stretch_width"
        )
        return [levers, files, self.view]

    def scenario(self) -> Scenario:
        """What was loaded or set, over the page's filters."""
        return self.base.over(self.desk.filters)

    def fill(self, section: Section) -> None:
        """Work the scenario out for the filters in force."""
        self.section = section
        outcome = what_if.run(self.desk.warehouse, self.scenario())
        self.view.show(render_outcome(outcome, self.chosen, self.desk.currency, self.refused))
        not_kept = f" Not limited by {', '.join(outcome.not_applied)}." * bool(outcome.not_applied)
        section.show(f"{self.desk.state.describe()}.{not_kept}")

    def _again(self) -> None:
        if self.section is not None:
            self.section.refresh()

    def _moved(self, name: str, event: Any) -> None:
        self.base, self.refused = self.base.with_percent(name, event.new), ""
        self._say()
        self._again()

    def _say(self) -> None:
        """Put the levers into the page's address."""
        self._is_following = True
        try:
            self.desk.state.what_if = shorthand.written(self.base)
        finally:
            self._is_following = False

    def _follow(self, *_: object) -> None:
        """Stand as the address says, unless it says what the levers told it."""
        wanted = self.desk.state.what_if
        if not self._is_following and wanted != shorthand.written(self.base):
            self._set(shorthand.read(wanted))

    def _reset(self, *_: object) -> None:
        self.refused = ""
        self._set(Scenario())

    def _set(self, scenario: Scenario) -> None:
        """Take a scenario as it is; the sliders stand as near to it as they can."""
        self.base = scenario
        for name, slider in self.sliders.items():
            slider.value = min(max(round(scenario.percent(name)), slider.start), slider.end)
        self._say()
        self._again()

    def _file(self) -> io.BytesIO:
        return io.BytesIO(self.scenario().dumps().encode())

    def _read(self, event: Any) -> None:
        """A loaded file moves the levers and the page's filters to what it says."""
        if not event.new:
            return
        try:
            scenario = what_if.loads(_text(event.new), "the file")
        except RevopsError as error:
            self.refused = f"The file was not loaded. {error.what} {error.remedy}"
            self._again()
            return
        self.refused = ""
        if scenario.filters.params():
            self.desk.state.filters = scenario.filters
        self._set(scenario)

    def _act(self, action: str) -> None:
        kind, _, name = action.partition(":")
        if kind == "outcome":
            self.chosen = name
            self._again()
        else:
            self.desk.act(action)


def _slider(label: str, first: int, last: int, value: int) -> pmui.IntSlider:
    return pmui.IntSlider(
        label=label,
        start=first,
        end=last,
        step=5,
        value=value,
        size="small",
        width=146,
        margin=(4, 16, 4, 0),
    )


def _text(content: bytes) -> str:
    return content[:MOST_BYTES].decode("utf-8", errors="replace")
