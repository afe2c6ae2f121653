"""One open page: app bar, filters, hero strip, tabs and footer over one desk."""

from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.util import edit_readonly
from panel.viewable import Viewable, Viewer

from dashboard.address import link_of
from dashboard.cell_proofs import parts_asked
from dashboard.desk import Desk
from dashboard.drill import Drill
from dashboard.first_load import TEMPLATE
from dashboard.hero import hero
from dashboard.html_view import HtmlView
from dashboard.island import Island
from dashboard.manners import PageManners, is_phone
from dashboard.new_build import NewBuild
from dashboard.pack_buttons import PackButtons
from dashboard.places import SHELVES, TABS
from dashboard.proof import Proof
from dashboard.sidebar import Sidebar
from dashboard.state import State
from dashboard.styles import BASE, HERO
from dashboard.tabs import TAB_CLASSES
from dashboard.theme import first_paint, material_theme, page_styles
from dashboard.why import Why
from revops import Warehouse, books, members

TITLE = "RevOps Control Center"
UNPROVEN = "This selection is too long for a link, so this number cannot be proven by itself."
FOOTER = ".foot { color: var(--rc-muted); font-size: 12px; padding: 18px 2px 26px; }"
EDGE = ":host { padding: 0 20px; } @media (max-width: 599px) { :host { padding: 0 10px; } }"


class Shell(Viewer):
    """The page over a warehouse, for the query of an address; `state` may come prepared."""

    def __init__(self, warehouse: Warehouse, state: State | None = None, query: str = "") -> None:
        super().__init__()
        self.state = state or State(
            warehouse.build.as_of,
            members.options(warehouse),
            books.fiscal_year_start_month(warehouse),
        )
        # before anything is asked or drawn, so that it is for what the address wants
        if query.strip("?"):
            self.state.apply_query(query)
        self.desk = Desk(warehouse, self.state, self.act)
        self.near = Desk(warehouse, self.state, self.act, is_drilled=True)
        self.looked_at = Desk(warehouse, self.state, self.act, is_drilled=True, is_scoped=True)
        self.proof = Proof(self.looked_at)
        self.why = Why(self.looked_at)
        self.drill = Drill(self.near)
        self.new_build = NewBuild(warehouse, self.state)
        self.hero = HtmlView(
            on_action=self.act, stylesheets=[BASE, HERO], sizing_mode="stretch_width"
        )
        self.tabs = {name: made(self.desk) for name, made in TAB_CLASSES.items()}
        # only the strip: Tabs builds the content it shows anew in the browser at every click
        self.bar = pmui.Tabs(
            *((label, pn.Spacer(height=0)) for label in TABS.values()),
            sizing_mode="stretch_width",
            margin=(6, 0, 0, 0),
        )
        self.page = pmui.Page(
            title=TITLE,
            sidebar=[Sidebar(self.state), PackButtons(self.near)],
            main=[self._main()],
            sidebar_open=not is_phone(),
            sidebar_width=288,
            sidebar_resizable=False,
            theme_toggle=False,
            busy_indicator=None,
            raw_css=[first_paint(self.state.brand)],
            template=TEMPLATE,
            **self._look(),
        )
        forget_busy_moments(self.page)
        self.state.param.watch(self._follow_view, ["filters", "compare", "problems"])
        self.state.param.watch(self._follow_place, ["tab", "shelf", "check", "model", "drill"])
        self.state.param.watch(self._follow_brand, "brand_key")
        self.state.param.watch(self._follow_proof, ["proof", "scope"])
        self.state.param.watch(self._follow_why, ["why", "scope"])
        self.bar.param.watch(self._choose_tab, "active")
        self._follow_place()
        self._follow_view()

    def __panel__(self) -> Viewable:
        return self.page

    def act(self, action: str) -> None:
        """What a click does; unknown actions do nothing."""
        kind, _, name = action.partition(":")
        if kind == "clear":
            self.state.clear()
        elif kind == "shelf" and name in SHELVES:
            self.state.param.update(tab="data", shelf=name, drill="")
        elif kind == "check":
            self.state.param.update(tab="data", shelf="checks", check=name, drill="")
        elif kind == "model":
            self.state.param.update(tab="data", shelf="models", model=name, drill="")
        elif kind == "drill":
            self.state.param.update(drill=name, proof="", why="", scope="")
        elif kind == "metric":
            self.state.param.update(proof=name, why="")
        elif kind == "cell":
            metric, _, row = name.partition(":")
            if (scope := link_of(self.state.part(parts_asked(row)))) is None:
                self.state.problems = [UNPROVEN]
            else:
                self.state.param.update(proof=metric, why="", scope=scope)
        elif kind == "why":
            self.state.param.update(proof="", why=name)

    def _main(self) -> Viewable:
        return Island(
            self.hero,
            self.bar,
            *(tab.layout for tab in self.tabs.values()),
            self.drill,
            HtmlView(self._footer(), stylesheets=[BASE, FOOTER], sizing_mode="stretch_width"),
            self.proof,
            self.why,
            self.new_build,
            PageManners(self.state.apply_query, width=0, height=0, margin=0),
            sizing_mode="stretch_width",
            margin=(4, 0, 0, 0),
            stylesheets=[EDGE],
        )

    def _footer(self) -> Markup:
        build = self.desk.warehouse.build
        versions = ", ".join(f"{name} {text}" for name, text in build.versions.items())
        return Markup('<footer class="foot">Build {} · book {} · {}</footer>').format(
            build.load_id, build.book, versions
        )

    def _look(self) -> dict[str, Any]:
        brand = self.state.brand
        return {
            "dark_theme": brand.is_dark,
            "theme_config": material_theme(brand),
            "sx": page_styles(brand),
        }

    def _follow_brand(self, *_: object) -> None:
        self.page.param.update(**self._look())
        self._refresh()

    def _follow_view(self, *_: object) -> None:
        self.hero.show(hero(self.desk))
        self._refresh()
        if self.state.proof:
            self.proof.follow()
        if self.state.why:
            self.why.follow()

    def _follow_proof(self, *_: object) -> None:
        self.proof.follow()

    def _follow_why(self, *_: object) -> None:
        self.why.follow()

    def _follow_place(self, *_: object) -> None:
        self.bar.active = list(TABS).index(self.state.tab)
        is_drilled = self.state.drilled is not None
        if self.state.drill and not is_drilled:
            self.state.drill = ""
            return
        if is_drilled or not self.drill.layout.is_away:
            self.hero.show(hero(self.desk))
        self.bar.visible = not is_drilled
        self.drill.layout.put_away(not is_drilled)
        for name, tab in self.tabs.items():
            tab.layout.put_away(is_drilled or name != self.state.tab)
        self._refresh()

    def _refresh(self) -> None:
        """Bring up to date what is seen: the page of an entity, or a tab."""
        if self.state.drilled is not None:
            self.drill.refresh()
        else:
            self.tabs[self.state.tab].refresh()

    def _choose_tab(self, event: Any) -> None:
        self.state.tab = list(TABS)[event.new]


def forget_busy_moments(page: pmui.Page) -> None:
    """Let a page no longer hear when its process is busy, as every page of Panel Material UI does.

    For each such moment of any session it would walk all its models, and it would be kept in
    memory after it was closed.
    """
    with edit_readonly(page):
        page.busy = False
    for watcher in list(pn.state.param.watchers.get("busy", {}).get("value", ())):
        if getattr(getattr(watcher.fn, "__self__", None), "self", None) is page:
            pn.state.param.unwatch(watcher)
