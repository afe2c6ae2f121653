"""One card of a tab: a title, a sentence, its content, and designed states when there is none."""

from collections.abc import Callable
from typing import Any

import panel as pn
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.cell_proofs import CellAction
from dashboard.desk import Desk
from dashboard.exports import csv_bytes, file_name, table_workbook
from dashboard.frame_table import frame_table, proves_nothing
from dashboard.html_view import HtmlView
from dashboard.island import Island
from dashboard.operations.filling import Filling
from dashboard.section_head import file_tools, picture_tool, render_head, table_tool
from dashboard.styles import BASE, CELL, PROOF, SECTION
from revops import units
from revops.errors import RevopsError

CARD = """
:host { align-self: stretch !important; height: auto !important; background: var(--rc-surface);
  border: 1px solid var(--rc-border); border-radius: var(--rc-radius);
  padding: 14px var(--rc-padding) 12px; min-width: 0; grid-column: span %s; }
@media (max-width: 1099px) { :host { grid-column: 1 / -1 !important; } }
@media (max-width: 599px) { :host { padding: 12px 12px 10px; } }
"""
CLEAR = Markup('<button class="link" type="button" data-action="clear">Clear the filters</button>')
PROVEN = "A number opens its proof."
WAITING = Markup('<div class="empty" role="status"><b>Still asking the warehouse…</b></div>')


class Section(Viewer):
    """A titled card over `body`. `span` is its width in twelfths on a wide screen.

    `work` fills it: it asks the warehouse and calls `show` or `show_empty`. A failure in it
    becomes a message with an id, which the log carries with the traceback; other cards live on.
    """

    def __init__(
        self,
        title: str,
        unit: str,
        body: list[Viewable],
        work: Callable[["Section"], None],
        desk: Desk,
        span: int = 12,
        has_download: bool = True,
    ) -> None:
        super().__init__()
        self.title, self.unit, self.work, self.desk = title, unit, work, desk
        self.has_chart, self.has_download = False, has_download
        for part in body:
            if hasattr(part, "chart"):
                self.has_chart, part.title = True, title
        self._turning = desk.state.param.watch(self._turn, "tables") if self.has_chart else None
        self._shown: tuple[Any, ...] = ()
        self._proves: CellAction = proves_nothing
        self.frame: pl.DataFrame | None = None
        self._filling = Filling(title, lambda: self.work(self), self._wait, self._fail)
        # a browser says otherwise; without one every card is looked at
        self._is_seen, self._is_behind = True, False
        css = [BASE, SECTION]
        self.head = HtmlView(
            self._head(),
            self._act,
            self._follow_sight,
            stylesheets=css,
            sizing_mode="stretch_width",
        )
        self.message = HtmlView(
            on_action=desk.act, stylesheets=css, sizing_mode="stretch_width", visible=False
        )
        self.table = HtmlView(
            on_action=desk.act,
            stylesheets=[*css, PROOF, CELL],
            sizing_mode="stretch_width",
            visible=False,
        )
        self.body = pn.Column(*body, sizing_mode="stretch_width", margin=(8, 0, 0, 0))
        self.said = ""
        self.card = Island(
            self.head,
            self.body,
            *([self.table] if self.has_chart else []),
            self.message,
            sizing_mode="stretch_width",
            stylesheets=[CARD % span],
        )

    def __panel__(self) -> Viewable:
        return self.card

    @property
    def is_table(self) -> bool:
        """Whether the numbers of its chart are wanted instead of the chart."""
        return self.has_chart and self.title in self.desk.state.tables

    def proves(self, action: CellAction) -> "Section":
        """Numbers of the chart's table open the proof that this names."""
        self._proves = action
        return self

    def forget(self) -> None:
        """The card leaves the page for good: the state tells it nothing more."""
        if self._turning is not None:
            self.desk.state.param.unwatch(self._turning)
            self._turning = None

    def refresh_if_seen(self) -> None:
        """Ask again, or, out of sight, once the card comes near the window."""
        self._is_behind = not self._is_seen
        if self._is_seen:
            self.refresh()

    def _follow_sight(self, is_seen: bool) -> None:
        self._is_seen = is_seen
        page = pn.state.curdoc
        if is_seen and self._is_behind and page is not None:
            # a message comes without the lock on the page that new data of a figure needs
            page.add_next_tick_callback(self._catch_up)

    def _catch_up(self) -> None:
        if self._is_behind:
            self.refresh()

    def refresh(self) -> None:
        """Ask again; on failure say so in this card only."""
        self._is_behind = False
        self._filling.run()

    def show(
        self,
        summary: str = "",
        frame: pl.DataFrame | None = None,
        badge: str = "",
        key: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Content is in place: say what it shows, under which reservation, with which colours."""
        # a filter the rows do not honour goes along with them
        self.frame, self.said = frame, " · ".join(part for part in (badge, summary) if part)
        self._shown = (summary, badge, key)
        self.head.show(self._head(summary, badge, key))
        self._show_body()

    def show_empty(self, what: str, why: str, badge: str = "", way_out: bool = True) -> None:
        """Nothing to show: what is missing, why, and the way out if the filters are to blame."""
        said = Markup('<div class="empty"><b>{}</b><span>{}</span>{}</div>')
        self._instead(said.format(what, why, CLEAR if way_out else ""), badge)

    def file_name(self, kind: str) -> str:
        """What a file of this card is called."""
        desk = self.desk
        return file_name(self.title, desk.filters, desk.warehouse.build.as_of, kind)

    def download(self, kind: str) -> bytes:
        """What the card shows now, as "csv" or as "xlsx"."""
        shown = pl.DataFrame() if self.frame is None else self.frame
        if kind == "csv":
            return csv_bytes(shown)
        return table_workbook(self.desk, self.title, self.said, shown)

    def _wait(self) -> None:
        self._instead(WAITING)

    def _fail(self, mark: str, error: Exception) -> None:
        told = str(error).splitlines()[0] if isinstance(error, RevopsError) else "Unexpected error."
        self._instead(
            Markup(
                '<div class="failed" role="alert"><b>This card could not be filled.</b>'
                "<div>{}</div><div>The log has the details under <code>{}</code>.</div></div>"
            ).format(told, mark)
        )

    def _instead(self, said: Markup, badge: str = "") -> None:
        self.frame = None
        self.head.show(self._head("", badge))
        self.message.show(said)
        self.body.visible, self.table.visible, self.message.visible = False, False, True

    def _head(
        self, summary: str = "", badge: str = "", key: tuple[tuple[str, str], ...] = ()
    ) -> Markup:
        tools: list[Markup] = []
        if self.frame is not None and self.is_table and self._proves is not proves_nothing:
            summary = f"{summary} {PROVEN}".lstrip()
        if self.frame is not None and self.has_chart:
            tools += [table_tool(self.title, self.is_table), self._picture(badge)]
        if self.frame is not None and self.has_download:
            tools += file_tools(self.title)
        return render_head(self.title, self.unit, badge, summary, key, tools)

    def _picture(self, badge: str) -> Markup:
        as_of = f"data as of {units.day(self.desk.warehouse.build.as_of)}"
        return picture_tool(
            self.title,
            self.file_name("png"),
            " · ".join(words for words in (self.title, self.unit) if words),
            " · ".join(words for words in (self.desk.state.describe(), badge, as_of) if words),
        )

    def _act(self, action: str) -> None:
        """Answer a button of the head; what it does not know is the page's."""
        if action in ("csv", "xlsx"):
            self.head.save(self.file_name(action), self.download(action))
        elif action == "table":
            self.desk.state.turn_table(self.title)
        else:
            self.desk.act(action)

    def _turn(self, *_: object) -> None:
        if self.frame is not None and self.table.visible != self.is_table:
            self._show_body()
            self.head.show(self._head(*self._shown))

    def _show_body(self) -> None:
        """The chart or, if wanted instead, its numbers; a table is made only when it is seen."""
        if self.is_table and self.frame is not None:
            self.table.show(
                frame_table(
                    self.desk.warehouse, self.frame, self.title, self.desk.currency, self._proves
                )
            )
        self.body.visible, self.table.visible = not self.is_table, self.is_table
        self.message.visible = False
