"""The filters: widgets on one side, the shared state on the other, in step both ways."""

from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.brands import BRANDS
from dashboard.html_view import HtmlView
from dashboard.places import COMPARISONS, CUSTOM
from dashboard.state import State
from dashboard.styles import BASE
from revops.filters import DAY, Filters
from revops.periods import PRESETS

MEMBERS = ("segments", "channels", "regions", "plans")
# as high as the fields beside it
LOW = {
    "& .MuiSelect-select": {
        "minHeight": "20px !important",
        "paddingTop": "6px !important",
        "paddingBottom": "6px !important",
    },
}
LOW_LABEL = (
    ".MuiInputLabel-root:not(.MuiInputLabel-shrink)"
    " { transform: translate(10px, 5px) scale(1) !important; background: none !important; }"
)
WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (6, 16)}


class Sidebar(Viewer):
    """Date range with presets, members, comparison and brand."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state
        self._is_following = False
        periods = {**{label: name for name, label in PRESETS.items()}, "Custom dates": CUSTOM}
        self.period = pmui.Select(label="Period", options=periods, size="small", **WIDE)
        self.dates = pmui.DateRangePicker(
            label="Dates", format="D MMM YYYY", size="small", width=None, **WIDE
        )
        self.members = {
            name: pmui.MultiChoice(
                label=f"All {name}",
                options=list(state.options[name]),
                visual_size="small",
                sx=LOW,
                stylesheets=[LOW_LABEL],
                **WIDE,
            )
            for name in MEMBERS
            if state.options.get(name)
        }
        self.compare = pmui.Select(
            label="Compare with",
            options={label: name for name, label in COMPARISONS.items()},
            size="small",
            **WIDE,
        )
        self.brand = pmui.Select(
            label="Look",
            options={brand.name: brand.key for brand in BRANDS},
            size="small",
            **WIDE,
        )
        self.clear = pmui.Button(
            label="Clear filters", variant="outlined", size="small", on_click=self._clear, **WIDE
        )
        self._follow()
        state.param.watch(self._follow, ["filters", "compare", "brand_key"])
        self.period.param.watch(self._choose_period, "value")
        self.dates.param.watch(self._choose_dates, "value")
        for name, widget in self.members.items():
            widget.param.watch(lambda event, name=name: self._choose(name, event.new), "value")
        self.compare.param.watch(lambda event: self._tell(compare=event.new), "value")
        self.brand.param.watch(lambda event: self._tell(brand_key=event.new), "value")

    def __panel__(self) -> Viewable:
        return pn.Column(
            heading("What to look at"),
            self.period,
            self.dates,
            *self.members.values(),
            self.compare,
            self.clear,
            heading("How it looks"),
            self.brand,
            sizing_mode="stretch_width",
            margin=(8, 0, 24, 0),
        )

    def _follow(self, *_: object) -> None:
        """Show what the state says, without answering back."""
        state, filters = self.state, self.state.filters
        self._is_following = True
        try:
            self.period.value = state.preset
            bounded = filters.since is not None and filters.last_day is not None
            self.dates.value = (filters.since, filters.last_day) if bounded else None
            for name, widget in self.members.items():
                known = state.options[name]
                chosen = [one for one in getattr(filters, name) or () if one in known]
                # an empty field shows its label: it says that everything is looked at
                label = name.capitalize() if chosen else f"All {name}"
                widget.param.update(value=chosen, label=label)
            self.compare.value = state.compare
            self.brand.value = state.brand_key
        finally:
            self._is_following = False

    def _tell(self, **changes: Any) -> None:
        if not self._is_following:
            self.state.param.update(**changes)

    def _choose_period(self, event: Any) -> None:
        name = next((name for name in PRESETS if name == event.new), None)
        if name is not None:
            window = self.state.preset_window(name)
            self._tell(filters=self.state.filters.with_window(window.since, window.until))

    def _choose_dates(self, event: Any) -> None:
        if event.new is not None and all(event.new):
            first, last = sorted(event.new)
            self._tell(filters=self.state.filters.with_window(first, last + DAY))

    def _choose(self, name: str, members: list[str]) -> None:
        kept = {**self.state.filters.params(), name: tuple(members) or None}
        self._tell(filters=Filters(**kept))

    def _clear(self, _: object) -> None:
        self.state.clear()


def heading(text: str) -> HtmlView:
    """The heading of a group of controls."""
    return HtmlView(
        Markup('<h2 class="group">{}</h2>').format(text),
        stylesheets=[
            BASE,
            ".group { margin: 10px 16px 0; font-size: 12px; text-transform: uppercase;"
            " letter-spacing: .08em; color: var(--rc-muted); font-weight: 700; }",
        ],
        sizing_mode="stretch_width",
    )
