"""Two buttons that take the page along: as a board pack to print, and as a workbook."""

import io
from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.viewable import Viewable, Viewer

from dashboard.desk import Desk
from dashboard.report import board_pack
from dashboard.report.pack import pack_name
from dashboard.sidebar import WIDE, heading

KINDS = {"html": ("Board pack", "print"), "xlsx": ("Board pack, workbook", "table_view")}


class PackButtons(Viewer):
    """Downloads of the pack for the filters, comparison and brand in force."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.buttons = {kind: self._button(kind) for kind in KINDS}
        desk.state.param.watch(self._follow, ["filters", "drill"])
        self._follow()

    def __panel__(self) -> Viewable:
        return pn.Column(
            heading("What to take along"),
            *self.buttons.values(),
            sizing_mode="stretch_width",
            margin=(0, 0, 24, 0),
        )

    def content(self, kind: str) -> io.BytesIO:
        """The file as it is downloaded."""
        made = board_pack(self.desk)
        return io.BytesIO(made.html if kind == "html" else made.xlsx)

    def _button(self, kind: str) -> Any:
        label, icon = KINDS[kind]
        return pmui.FileDownload(
            callback=lambda: self.content(kind),
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
