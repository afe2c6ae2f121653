"""Another build is published while pages are open: they say so, and switch when asked to.

A page is bound to the build it opened with: its numbers never come from two. Switching loads
the page's own address again, which says everything that the page shows.
"""

import logging
from collections.abc import Callable
from functools import partial
from weakref import WeakSet

import panel as pn
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.html_view import HtmlView
from dashboard.state import State
from dashboard.styles import BASE
from revops import Warehouse, units
from revops.errors import RevopsError
from revops.opening import BuildInfo

LOG = logging.getLogger("dashboard")

NOTICE = """
.notice { position: fixed; right: 20px; bottom: 20px; z-index: 1200; max-width: 430px;
  padding: 14px 16px; display: grid; gap: 10px; border-radius: var(--rc-radius);
  background: var(--rc-raised); border: 1px solid var(--rc-accent);
  box-shadow: 0 10px 34px rgb(0 0 0 / .32); }
.notice b { font-size: 14.5px; } .notice p { font-size: 13px; color: var(--rc-muted); }
.notice .choices { display: flex; align-items: center; gap: 18px; }
.notice a { padding: 6px 16px; border-radius: 8px; font-weight: 600; text-decoration: none;
  background: var(--rc-accent); color: var(--rc-on-accent); }
@media (max-width: 599px) { .notice { left: 10px; right: 10px; bottom: 10px; max-width: none; } }
"""


class NewBuild(Viewer):
    """The notice of one page: which build is published now, and the way to it."""

    def __init__(self, warehouse: Warehouse, state: State) -> None:
        super().__init__()
        self.build, self.state = warehouse.build, state
        self.document = pn.state.curdoc
        self._is_loaded = False
        # what a page is told before its browser has built it can get lost
        pn.state.onload(self._loaded)
        self.published = self.build
        self._put_off = ""
        self.view = HtmlView(
            on_action=self._act, stylesheets=[BASE, NOTICE], width=0, height=0, margin=0
        )
        # the way leads to the same view in the other build, whatever the view becomes meanwhile
        self.state.param.watch(self._show, [name for name in State.param if name != "name"])

    def __panel__(self) -> Viewable:
        return self.view

    @property
    def is_open(self) -> bool:
        """A browser shows this page; one that was closed may be kept for a while."""
        session = self.document and self.document.session_context
        return self._is_loaded and session is not None and not session.destroyed

    def tell(self, published: BuildInfo) -> None:
        """Say which build is published now; the page's own says that there is nothing new."""
        self.published = published
        self._show()

    def _loaded(self) -> None:
        self._is_loaded = True

    def _act(self, action: str) -> None:
        if action == "later":
            self._put_off = self.published.load_id
            self._show()

    def _show(self, *_: object) -> None:
        is_quiet = self.published.load_id in (self.build.load_id, self._put_off)
        self.view.show(Markup() if is_quiet else self._notice())

    def _notice(self) -> Markup:
        """What is published, what this page shows, and the two choices."""
        now, own = self.published, self.build
        said = (
            "The build of this page was rolled back"
            if now.built_at < own.built_at
            else "A newer build is published"
        )
        return Markup(
            '<aside class="notice" role="status"><b>{}</b><p>Published now: data as of {}, built '
            "{}. This page still shows the build of {}, as of {}.</p>"
            '<div class="choices"><a href="{}">Switch to it</a>'
            '<button class="link" type="button" data-action="later">Not now</button></div></aside>'
        ).format(
            said,
            units.day(now.as_of),
            units.moment(now.built_at),
            units.moment(own.built_at),
            units.day(own.as_of),
            self.state.to_query(keeps_preset=True),
        )


class OpenPages:
    """The pages that this process serves, told when the pointer leads to another build."""

    def __init__(self, current: Callable[[], Warehouse]) -> None:
        self._current = current
        self._trouble = ""
        # a closed page goes by itself
        self._notices: WeakSet[NewBuild] = WeakSet()

    def add(self, notice: NewBuild) -> None:
        """Keep a page informed as long as it is open."""
        self._notices.add(notice)

    def look(self) -> None:
        """Tell the open pages which build is published now; a trouble is logged once."""
        trouble = ""
        try:
            self.tell(self._current().build)
        except RevopsError as error:
            trouble = error.what
        if trouble and trouble != self._trouble:
            LOG.error("the published build cannot be opened: %s", trouble)
        self._trouble = trouble

    def tell(self, published: BuildInfo) -> None:
        """Tell every open page, each in its own turn and under its own lock."""
        for notice in list(self._notices):
            if notice.is_open and notice.published != published:
                notice.document.add_next_tick_callback(partial(notice.tell, published))
