"""What every tab does: it is built on its first visit, and asks again only while it is seen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import panel as pn
import polars as pl
from panel.viewable import Viewable, Viewer

from dashboard.brands import BrandTheme
from dashboard.cell_proofs import CellAction, CellProofs
from dashboard.charts.base import Chart, refill
from dashboard.charts.taps import tappable
from dashboard.desk import Desk
from dashboard.island import Island
from dashboard.section import Section
from dashboard.tables import Table

TOLD_AT_ONCE = 3
# what is told reaches the browser only when the server pauses
PAUSE_MS = 30
GRID = """
.parts { display: grid; padding-top: 16px; grid-template-columns: repeat(12, minmax(0, 1fr));
  gap: var(--rc-gap); align-items: stretch; }
"""


class ChartPane(Viewer):
    """A chart's place on the page: drawn once per brand, afterwards only refilled.

    `title` is the card's; with the summary sentence it is what a screen reader says of the chart.
    """

    def __init__(self, chart: Chart, title: str = "") -> None:
        super().__init__()
        self.chart, self.title = chart, title
        self._kind, self._opened = "", dict[str, str]()
        self._told: Callable[[str], None] | None = None
        self.pane = pn.pane.Bokeh(sizing_mode="stretch_width", margin=0)
        self._brand: BrandTheme | None = None

    def __panel__(self) -> Viewable:
        return self.pane

    def opens(self, kind: str, act: Callable[[str], None]) -> "ChartPane":
        """A click on a bar opens the page of that kind; a column of that name says whose."""
        self._kind = kind
        self._told = lambda name: act(f"drill:{kind}:{self._opened.get(name, '')}")
        return self

    def show(self, frame: pl.DataFrame, desk: Desk) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Show the frame; returns the chart's summary sentence and its colour key."""
        drawing = self.chart.prepare(frame, desk.brand, desk.currency)
        said = {"role": "img", "aria-label": f"{self.title}. {drawing.summary}"}
        if self._brand is desk.brand:
            refill(self.pane.object, drawing)
            self.pane.object.html_attributes = said
        else:
            drawn = self.chart.draw(drawing, desk.brand, desk.currency)
            refill(drawn, drawing)
            drawn.html_attributes = said
            if self._told is not None:
                tappable(drawn, self._told)
            self.pane.object = drawn
            self._brand = desk.brand
        if self._kind:
            names = self._kind if self._kind in frame.columns else "name"
            self._opened = dict(zip(frame["name"], frame[names], strict=True))
        invitation = f" A click opens its {self._kind}." if self._kind else ""
        return drawing.summary + invitation, drawing.key


class Tab(Viewer):
    """A tab over the shared desk; a subclass gives its sections in `sections`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._is_built = False
        self._shown: object = None
        # cards that were still to be filled when the tab was left
        self._left: list[Viewer] = []
        self.layout = Island(sizing_mode="stretch_width", stylesheets=[GRID])
        self._sections: list[Viewer] = []

    def __panel__(self) -> Viewable:
        return self.layout

    def sections(self) -> Iterable[Viewer]:
        """The cards of the tab, in reading order; made one by one, the first may be shown alone."""
        raise NotImplementedError

    def watched(self) -> object:
        """What the content depends on; while it stays equal, nothing is asked again."""
        state = self.desk.state
        return state.filters, state.compare, state.brand_key

    def refresh(self) -> None:
        """Bring the tab up to date with the state; called only while the tab is seen."""
        wanted = self.watched()
        left, self._left = self._left, []
        if wanted == self._shown:
            if left:
                self._one_after_the_other(left)
            return
        self._shown = wanted
        if self._is_built:
            self.refresh_sections()
        else:
            self.build()
            self._is_built = True

    def build(self) -> None:
        """Make the cards; on a served page the first one comes at once, the others follow.

        A table that is filled while the browser still builds it can lose its rows, so a card is
        filled before it is put on the page.
        """
        waiting = iter(self.sections())
        first = next(waiting)
        first.refresh()
        if served_page() is None:
            self._sections = [first, *waiting]
            for section in self._sections[1:]:
                section.refresh()
            self.layout.objects = list(self._sections)
            return
        self._sections = [first]
        self.layout.objects = [first]

        def follow() -> None:
            self._sections += waiting
            self._one_after_the_other(self._sections[1:])

        # not before the browser shows the first: it would wait for all of them
        page = served_page()
        pn.state.onload(lambda: page.add_timeout_callback(follow, PAUSE_MS))

    def refresh_sections(self) -> None:
        """Ask again for every card, the first one at once, the others as the server gets to them.

        Between two cards the browser is told what is new, so the numbers on top do not wait for
        the tables below; a further change of the state drops what is still waiting.
        """
        self._sections[0].refresh()
        page = served_page()
        # before the page is sent, Panel does not know yet where its own style sheets are served
        if page is None or not pn.state.loaded:
            for section in self._sections[1 : len(self.layout.objects) or None]:
                section.refresh()
            return
        self._one_after_the_other(self._sections[1:])

    def _one_after_the_other(self, waiting: Sequence[Viewer]) -> None:
        """Fill these cards, and put those on the page that are not there yet."""
        page, wanted, rest = served_page(), self._shown, list(waiting)

        def next_some() -> None:
            if not rest or self._shown is not wanted:
                return
            if self.layout.is_away:
                self._left = rest
                return
            some, rest[:] = rest[:TOLD_AT_ONCE], rest[TOLD_AT_ONCE:]
            # one message for all of them: each costs a look at every model of the page
            with pn.io.unlocked():
                for section in some:
                    self._fill(section)
                shown = max(len(self.layout.objects), len(self._sections) - len(rest))
                if shown > len(self.layout.objects):
                    self.layout.objects = self._sections[:shown]
            page.add_next_tick_callback(next_some)

        page.add_next_tick_callback(next_some)

    def _fill(self, section: Viewer) -> None:
        """A card that is out of sight waits until it comes near; a new one is filled at once."""
        if isinstance(section, Section) and section in self._sections[: len(self.layout.objects)]:
            section.refresh_if_seen()
        else:
            section.refresh()

    def section(
        self,
        title: str,
        unit: str,
        body: list[Viewable],
        work: Callable[[Section], None],
        span: int = 12,
        has_download: bool = True,
    ) -> Section:
        """A card of this tab."""
        return Section(title, unit, body, work, self.desk, span, has_download)

    def prove(self, table: Table, domain: str, kind: str, **others: str) -> None:
        """Let the numbers of a table that are metrics of that domain open their proofs.

        `kind` is the column that says whose row it is, `others` are columns called otherwise
        than their metric.
        """
        known = CellProofs.of(self.desk.warehouse, domain, {kind: kind}, **others).metrics
        proven = {one.name: known[one.name] for one in table.columns if one.name in known}
        table.proves(kind, proven, self.desk.act)

    def cells(self, domain: str, parts: Mapping[str, str], **others: str) -> CellAction:
        """The same for a chart's numbers, whose rows may be of several parts."""
        return CellProofs.of(self.desk.warehouse, domain, parts, **others).action


def served_page() -> Any:
    """The document of the page a browser asked for; None where there is no browser, as in tests."""
    page = pn.state.curdoc
    return page if page is not None and page.session_context is not None else None
