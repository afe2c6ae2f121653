"""What the page is looking at: one shared value, in step with the address bar both ways."""

from collections.abc import Iterable, Mapping
from datetime import date

import param

from dashboard import address
from dashboard.brands import BRANDS, DEFAULT_BRAND, BrandTheme, brand_called
from dashboard.places import (
    CATEGORIES,
    COHORTS,
    COMPARISONS,
    CUSTOM,
    CUSTOMER,
    DEFAULT_PRESET,
    DRILLS,
    EVERY,
    GRAVITIES,
    PARTS,
    SHELVES,
    STANDARDS,
    TABS,
)
from revops import Filters, periods, units
from revops.periods import PRESETS, Preset, Window


class State(param.Parameterized):
    """Filters, comparison, brand and place on the page; everything that changes the view.

    `as_of` is the last day the numbers describe: presets are seen from it. `options` are the
    names each filter can keep. `check` and `model` name what is open on the Data tab, `proof`
    names the number whose proof is open ("marketing.cpl", or a cell of the cohorts),
    `why` the one whose change is explained, and by what ("marketing.cpl:channel"), `drill`
    the entity whose page is open ("channel:LinkedIn"). `scope` holds, as a link's query, what
    the open proof or explanation looks at when that is not the page's own filters. `category`
    and `severity` are the insights kept. `problems` are sentences about address values that
    could not be used; they are shown, as text. `what_if` holds the levers that are moved,
    `cohorts` what retention is a share of, `tables` the titles of charts shown as tables.
    """

    filters = param.ClassSelector(class_=Filters, default=Filters())
    compare = param.Selector(default="previous", objects=list(COMPARISONS))
    brand_key = param.Selector(default=DEFAULT_BRAND.key, objects=[brand.key for brand in BRANDS])
    tab = param.Selector(default="marketing", objects=list(TABS))
    shelf = param.Selector(default="files", objects=list(SHELVES))
    check = param.String(default="")
    model = param.String(default="")
    proof = param.String(default="")
    why = param.String(default="")
    drill = param.String(default="")
    scope = param.String(default="")
    category = param.Selector(default=EVERY, objects=list(CATEGORIES))
    severity = param.Selector(default=EVERY, objects=list(GRAVITIES))
    what_if = param.String(default="")
    cohorts = param.Selector(default="mrr", objects=list(COHORTS))
    tables = param.List(default=[], item_type=str)
    problems = param.List(default=[], item_type=str)

    def __init__(
        self,
        as_of: date,
        options: Mapping[str, tuple[str, ...]] | None = None,
        fiscal_year_start_month: int = 1,
        **params: object,
    ) -> None:
        self.as_of = as_of
        self.options = dict(options or {})
        self.fiscal_year_start_month = fiscal_year_start_month
        window = self.preset_window(DEFAULT_PRESET)
        params.setdefault("filters", Filters(window.since, window.until))
        super().__init__(**params)

    @property
    def brand(self) -> BrandTheme:
        """The look in force."""
        return brand_called(self.brand_key) or DEFAULT_BRAND

    @property
    def window(self) -> Window:
        """The window of time looked at."""
        return Window(self.filters.since, self.filters.until)

    @property
    def preset(self) -> str:
        """The preset that names exactly this window, else "custom"."""
        return self._preset() or CUSTOM

    def preset_window(self, preset: Preset) -> Window:
        """The window a preset names, seen from the as-of date."""
        return periods.preset(preset, self.as_of, self.fiscal_year_start_month)

    @property
    def drilled(self) -> tuple[str, str] | None:
        """Kind and name of the entity whose page is open; None on the tabs."""
        kind, _, name = self.drill.partition(":")
        return (kind, name) if kind in (*DRILLS, CUSTOMER) and name else None

    def narrowed(self, filters: Filters) -> Filters:
        """The filters, kept to the entity whose page is open."""
        if self.drilled is None:
            return filters
        return _kept_to(filters, *self.drilled)

    def part(self, parts: Iterable[tuple[str, str]]) -> Filters:
        """The page's filters, kept to one row of a table: entities, or the period that begins so.

        What names neither leaves the page's filters as they are.
        """
        filters = self.narrowed(self.filters)
        for kind, name in parts:
            kept = _kept_to_period if kind in periods.PERIODS else _kept_to
            filters = kept(filters, kind, name)
        return filters

    def compared_filters(self) -> Filters | None:
        """The same members over the window compared with; None when there is none."""
        return self.compared(self.filters)

    def compared(self, filters: Filters) -> Filters | None:
        """What these filters are compared with, as the page compares; None when with no window."""
        window, other = Window(filters.since, filters.until), None
        if self.compare == "last_year":
            other = periods.same_period_last_year(window)
        elif self.compare == "previous":
            other = periods.previous_period(window, self._preset(window))
        return None if other is None else filters.with_window(other.since, other.until)

    def looked_at(self) -> Filters:
        """What an open proof or explanation looks at."""
        if self.scope:
            return Filters.from_query(self.scope)[0]
        return self.narrowed(self.filters)

    def close(self, dialog: str) -> None:
        """The proof or the explanation was closed; what it looked at is kept for the other."""
        other = self.why if dialog == "proof" else self.proof
        self.param.update(**{dialog: "", "scope": self.scope if other else ""})

    def turn_table(self, title: str) -> None:
        """Show the chart of that title as a table, or as a chart again."""
        others = [other for other in self.tables if other != title]
        self.tables = others if title in self.tables else [*others, title]

    def clear(self) -> None:
        """Back to the page's first view of the data; brand and tab stay."""
        window = self.preset_window(DEFAULT_PRESET)
        self.param.update(
            filters=Filters(window.since, window.until), compare="previous", problems=[]
        )

    def describe(self) -> str:
        """In words: "SMB · LinkedIn · Jan–Mar 2026", as the hero says it."""
        if self.drilled is not None and self.drilled[0] == CUSTOMER:
            return f"{self.drilled[1]} · all dates"
        members_kept = self.narrowed(self.filters).members()
        words = [_listed(name, members) for name, members in members_kept.items()] or [
            "All segments, channels, regions and plans"
        ]
        return " · ".join([*words, self.describe_window()])

    def describe_window(self) -> str:
        """The window in words, named by its preset when it has one."""
        return units.window(self.filters.since, self.filters.last_day)

    def describe_comparison(self) -> str:
        """What the changes are measured against, in words."""
        if self.drilled is not None and self.drilled[0] == CUSTOMER:
            return ""
        if self.compare in STANDARDS:
            return f"vs {STANDARDS[self.compare]}"
        other = self.compared_filters()
        return "" if other is None else f"vs {units.window(other.since, other.last_day)}"

    def to_query(self, keeps_preset: bool = False) -> str:
        """The address that shows this page, starting with "?".

        With `keeps_preset`, a window that a preset names is named by it: over another build, it
        is the preset as seen from there.
        """
        return address.written(self, self._preset() if keeps_preset else None)

    def _preset(self, window: Window | None = None) -> Preset | None:
        asked = window or self.window
        return next((name for name in PRESETS if self.preset_window(name) == asked), None)

    def apply_query(self, query: str) -> None:
        """Show what an address asks for; what it does not say is as at the start.

        Values are data: an unknown one is reported in `problems`, never guessed, run or fatal.
        """
        self.param.update(**address.read(query, self))


def _kept_to(filters: Filters, kind: str, name: str) -> Filters:
    if kind not in PARTS:
        return filters
    return Filters(**{**filters.params(), PARTS[kind]: (name,)})


def _kept_to_period(filters: Filters, kind: str, name: str) -> Filters:
    """What of the window lies in the period that begins on that day."""
    try:
        one = periods.period(kind, date.fromisoformat(name))
    except (ValueError, OverflowError):
        return filters
    since = max(day for day in (one.since, filters.since) if day)
    until = min(day for day in (one.until, filters.until) if day)
    return filters.with_window(since, until) if since < until else filters


def _listed(name: str, members: tuple[str, ...]) -> str:
    if len(members) <= 3:
        return ", ".join(members)
    return f"{len(members)} {name}"
