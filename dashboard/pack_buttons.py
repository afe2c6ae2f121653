"""Two buttons that take the page along: as a board pack to print, and as a workbook."""

import asyncio
import io
import logging
import secrets
from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.desk import Desk
from dashboard.html_view import HtmlView
from dashboard.report import board_pack
from dashboard.report.pack import pack_name
from dashboard.sidebar import WIDE, heading
from dashboard.state import State
from dashboard.styles import BASE, SECTION

LOG = logging.getLogger("dashboard.pack")
KINDS = {"html": ("Board pack", "print"), "xlsx": ("Board pack, workbook", "table_view")}


class PackButtons(Viewer):
    """Downloads of the pack for the filters, comparison and brand in force."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.buttons = {kind: self._button(kind) for kind in KINDS}
        self.message = HtmlView(stylesheets=[BASE, SECTION], **WIDE)
        desk.state.param.watch(self._follow, ["filters", "drill"])
        self._follow()

    def __panel__(self) -> Viewable:
        return pn.Column(
            heading("What to take along"),
            *self.buttons.values(),
            self.message,
            sizing_mode="stretch_width",
            margin=(0, 0, 24, 0),
        )

    async def content(self, kind: str) -> io.BytesIO:
        """The file as it is downloaded, made in a thread: other pages are served meanwhile.

        A failure is said below the buttons, with the id under which the log has its traceback.
        """
        loop, button = asyncio.get_running_loop(), self.buttons[kind]
        self.message.show(Markup())
        button.loading = True
        try:
            made = await loop.run_in_executor(None, board_pack, standing_still(self.desk))
        except Exception:
            mark = secrets.token_hex(4)
            LOG.exception("the board pack failed (%s)", mark)
            self.message.show(_failed(mark))
            raise
        finally:
            button.loading = False
        return io.BytesIO(made.html if kind == "html" else made.xlsx)

    def _button(self, kind: str) -> Any:
        label, icon = KINDS[kind]

        async def content() -> io.BytesIO:
            return await self.content(kind)

        return pmui.FileDownload(
            callback=content,
            filename=f"board-pack.{kind}",
            auto=True,
            embed=False,
            label=label,
            icon=icon,
            variant="outlined",
            size="small",
            **WIDE,
        )

    def _follow(self, *_: object) -> None:
        name = pack_name(self.desk)
        for kind, button in self.buttons.items():
            button.filename = f"{name}.{kind}"


def standing_still(desk: Desk) -> Desk:
    """The desk as its address says it now: a page that moves on does not change its pack."""
    state = State(desk.state.as_of, desk.state.options, desk.state.fiscal_year_start_month)
    state.apply_query(desk.state.to_query())
    return Desk(desk.warehouse, state, desk.act, desk.is_drilled)


def _failed(mark: str) -> Markup:
    return Markup(
        '<div class="failed" role="alert"><b>The board pack could not be made.</b>'
        "<div>The log has the details under <code>{}</code>.</div></div>"
    ).format(mark)
