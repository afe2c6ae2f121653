"""Data: the state of the books: files, checks, withheld rows, restatements, models, policies."""

from collections.abc import Callable

import panel_material_ui as pmui
import polars as pl
from markupsafe import Markup

from dashboard.check_proof import check_proof
from dashboard.desk import Desk
from dashboard.html_view import HtmlView
from dashboard.lineage_view import LINEAGE, lineage_view
from dashboard.places import SHELVES
from dashboard.section import Section
from dashboard.styles import BASE, PROOF
from dashboard.tables import Table
from dashboard.tabs.base import Tab
from dashboard.tabs.shelves import LISTS
from dashboard.wording import books_said, times
from revops import units

# what can be opened on a shelf: its name in the address, title, sentence, and how it is written
OPENS: dict[str, tuple[str, str, str, Callable[[Desk], Markup | None]]] = {
    "checks": (
        "check",
        "Proof of",
        "The rule, what was tested, and the rows that break it.",
        check_proof,
    ),
    "models": (
        "model",
        "Lineage of",
        "Found in the SQL itself; a click on a name leads on.",
        lineage_view,
    ),
}


class Data(Tab):
    """The tab of the books; the shelf shown, and what is open on it, are part of the address.

    A shelf is filled on its first visit: the books of a build do not change.
    """

    def build(self) -> None:
        """Only the choice of shelf and the open one; the others when they are asked for."""
        state = self.desk.state
        self.choice = pmui.RadioButtonGroup(
            options={label: name for name, label in SHELVES.items()},
            value=state.shelf,
            size="small",
            variant="outlined",
            color="primary",
            margin=0,
            sizing_mode=None,
            stylesheets=[":host { grid-column: 1 / -1; max-width: 100%; overflow-x: auto; }"],
        )
        self.choice.param.watch(lambda event: state.param.update(shelf=event.new), "value")
        self.tables: dict[str, Table] = {}
        self.shelves: dict[str, Section] = {}
        self.opened = HtmlView(
            on_action=self.desk.act, stylesheets=[BASE, PROOF, LINEAGE], sizing_mode="stretch_width"
        )
        self.detail = self.section("Opened", "", [self.opened], self._open, 12, False)
        self.refresh_sections()

    def watched(self) -> object:
        """The books of a build depend on no filter, only on what is open."""
        state = self.desk.state
        return state.shelf, state.check, state.model

    def refresh_sections(self) -> None:
        """Open the shelf that the address names, and on it what it opens."""
        name = self.desk.state.shelf
        self.choice.value = name
        is_open = name in OPENS and bool(getattr(self.desk.state, OPENS[name][0]))
        if is_open:
            self.detail.refresh()
        self.detail.card.visible = is_open
        if name not in self.shelves:
            self.shelves[name] = self._shelf(name)
            self.shelves[name].refresh()
            self._sections = [self.choice, self.detail, *self.shelves.values()]
            self.layout.objects = list(self._sections)
        for shelf_name, section in self.shelves.items():
            section.card.visible = shelf_name == name

    def _shelf(self, name: str) -> Section:
        shelf = LISTS[name]
        table = Table(shelf.columns, self.desk.currency, rows=20)
        if name in OPENS:
            table.chooses("name", lambda one: self.desk.act(f"{OPENS[name][0]}:{one}"))
        self.tables[name] = table
        return self.section(shelf.title, "", [table], self._work(name))

    def _open(self, section: Section) -> None:
        kind, title, said, written = OPENS[self.desk.state.shelf]
        found = written(self.desk)
        section.title = title if found is None else f"{title} {getattr(self.desk.state, kind)}"
        if found is None:
            why = f"The address names a {kind} that is not in this build."
            section.show_empty(f"There is no such {kind}", why, way_out=False)
            return
        self.opened.show(found)
        section.show(said)

    def _work(self, name: str) -> Callable[[Section], None]:
        def work(section: Section) -> None:
            frame = LISTS[name].rows(self.desk.warehouse)
            if frame.is_empty():
                section.show_empty("Nothing here", LISTS[name].empty, way_out=False)
                return
            self.tables[name].show(frame)
            section.show(self._said(name, frame), frame)

        return work

    def _said(self, name: str, frame: pl.DataFrame) -> str:
        if name == "checks":
            return f"{books_said(self.desk.warehouse)}. Click a check for its proof."
        if name == "models":
            return f"{times(frame.height, 'model')}. Click one for its lineage."
        if name == "files":
            build = self.desk.warehouse.build
            return f"As of {units.day(build.as_of)}, taken from {build.as_of_source}."
        return times(frame.height, "row") + "."
