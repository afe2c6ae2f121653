"""One card of a tab: a title, a sentence, its content, and designed states when there is none."""

from collections.abc import Callable

import panel as pn
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.desk import Desk
from dashboard.exports import csv_button, file_name, table_workbook, xlsx_button
from dashboard.html_view import HtmlView, joined
from dashboard.island import Island
from dashboard.operations.filling import Filling
from dashboard.styles import BASE, SECTION
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
WAITING = Markup('<div class="empty" role="status"><b>Still asking the warehouse…</b></div>')
HEAD = ":host { flex: 1 1 auto; min-width: 0; }"


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
        self.has_chart = any(hasattr(part, "chart") for part in body)
        self.frame: pl.DataFrame | None = None
        self._filling = Filling(title, lambda: self.work(self), self._wait, self._fail)
        # a browser says otherwise; without one every card is looked at
        self._is_seen, self._is_behind = True, False
        css = [BASE, SECTION]
        self.head = HtmlView(
            self._head(),
            desk.act,
            self._follow_sight,
            stylesheets=[*css, HEAD],
            sizing_mode="stretch_width",
        )
        self.message = HtmlView(
            on_action=desk.act, stylesheets=css, sizing_mode="stretch_width", visible=False
        )
        self.body = pn.Column(*body, sizing_mode="stretch_width", margin=(8, 0, 0, 0))
        self.said = ""
        self.download = csv_button(title, lambda: self.frame)
        self.download_xlsx = xlsx_button(title, self._workbook)
        downloads = [self.download, self.download_xlsx] if has_download else []
        top = pn.Row(self.head, *downloads, sizing_mode="stretch_width")
        self.card = Island(
            top,
            self.body,
            self.message,
            sizing_mode="stretch_width",
            stylesheets=[CARD % span],
        )

    def __panel__(self) -> Viewable:
        return self.card

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
        self.download.filename = self._file_name("csv")
        self.download_xlsx.filename = self._file_name("xlsx")
        self.head.show(self._head(summary, badge, key))
        self.body.visible, self.message.visible = True, False

    def show_empty(self, what: str, why: str, badge: str = "", way_out: bool = True) -> None:
        """Nothing to show: what is missing, why, and the way out if the filters are to blame."""
        said = Markup('<div class="empty"><b>{}</b><span>{}</span>{}</div>')
        self._instead(said.format(what, why, CLEAR if way_out else ""), badge)

    def _file_name(self, kind: str) -> str:
        desk = self.desk
        return file_name(self.title, desk.filters, desk.warehouse.build.as_of, kind)

    def _workbook(self) -> bytes:
        shown = pl.DataFrame() if self.frame is None else self.frame
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
        self.body.visible, self.message.visible = False, True

    def _head(
        self, summary: str = "", badge: str = "", key: tuple[tuple[str, str], ...] = ()
    ) -> Markup:
        return Markup(
            '<div class="head"><h2>{}</h2>{}<span class="unit">{}</span>{}</div>{}{}'
        ).format(
            self.title,
            Markup('<span class="badge">{}</span>').format(badge) if badge else "",
            self.unit,
            self._picture(badge) if summary and self.has_chart else "",
            Markup('<p class="summary">{}</p>').format(summary) if summary else "",
            _key(key),
        )

    def _picture(self, badge: str) -> Markup:
        """The button that saves the chart as PNG; the browser draws it."""
        as_of = f"data as of {units.day(self.desk.warehouse.build.as_of)}"
        return Markup(
            '<button class="link png" type="button" data-png="{}" data-title="{}" data-note="{}" '
            'title="Download “{}” as PNG">PNG</button>'
        ).format(
            self._file_name("png"),
            " · ".join(words for words in (self.title, self.unit) if words),
            " · ".join(words for words in (self.desk.state.describe(), badge, as_of) if words),
            self.title,
        )


def _key(key: tuple[tuple[str, str], ...]) -> Markup:
    if not key:
        return Markup()
    swatch = Markup('<li><i style="background:{}"></i>{}</li>')
    return Markup('<ul class="key">{}</ul>').format(
        joined([swatch.format(color, name) for name, color in key])
    )
