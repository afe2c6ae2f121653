"""Why did it move: the change of one metric, divided without remainder."""

import panel as pn
import panel_material_ui as pmui
from panel.viewable import Viewable, Viewer

from dashboard.desk import Desk
from dashboard.html_view import HtmlView
from dashboard.styles import BASE, INSIGHTS, PROOF
from dashboard.why_html import STYLE, render_nothing_to_compare, render_why
from dashboard.why_steps import STYLE as STEPS
from revops.errors import UnknownName
from revops.insights import why

TITLE = "Why did it move?"


class Why(Viewer):
    """A dialog that divides one metric's change against the comparison in force.

    `state.why` names the metric and how it is divided ("pipeline.win_rate:segment"), so
    that an address opens it too; without a dimension the best explaining one is shown.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.view = HtmlView(
            on_action=self._act,
            stylesheets=[BASE, PROOF, INSIGHTS, STYLE, STEPS],
            sizing_mode="stretch_width",
        )
        self.dialog = pmui.Dialog(
            pn.Column(self.view, sizing_mode="stretch_width"),
            title=TITLE,
            open=False,
            close_on_click=True,
            show_close_button=True,
            width_option="lg",
            title_variant="h6",
            sizing_mode="stretch_width",
        )
        self.dialog.param.watch(self._closed, "open")

    def __panel__(self) -> Viewable:
        return self.dialog

    def follow(self) -> None:
        """Open or close as the state says; a metric that is not there opens nothing."""
        metric, _, key = self.desk.state.why.partition(":")
        if not metric or not self._explain(metric, key):
            self.dialog.open = False
            self.desk.state.why = ""

    def _explain(self, metric: str, key: str) -> bool:
        now, before = self.desk.filters, self.desk.compared_filters
        title, shown = TITLE, render_nothing_to_compare()
        if before is not None:
            try:
                views = why.views(self.desk.warehouse, metric, now=now, before=before)
            except UnknownName:
                return False
            chosen = next((view for view in views if view.key == key), views[0])
            shown = render_why(views, chosen, self.desk.currency, f"metric:{metric}")
            if chosen.explanation is not None:
                title = f"Why did {chosen.explanation.name_within} move?"
        self.view.show(shown)
        self.dialog.param.update(title=title, open=True)
        return True

    def _act(self, action: str) -> None:
        kind, _, name = action.partition(":")
        if kind == "by":
            metric = self.desk.state.why.partition(":")[0]
            self.desk.state.why = f"{metric}:{name}"
        else:
            self.desk.act(action)

    def _closed(self, _: object) -> None:
        if not self.dialog.open:
            self.desk.state.close("why")
