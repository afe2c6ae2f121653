"""The way home from a number: what it means, the rows it comes from, and the SQL that ran."""

import panel as pn
import panel_material_ui as pmui
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.cohort_proof import PREFIX, cohort_subject
from dashboard.desk import Desk
from dashboard.exports import csv_button, file_name
from dashboard.html_view import HtmlView
from dashboard.operations.filling import Filling
from dashboard.proof_rows import rows_table, verdict
from dashboard.proof_subject import Subject, metric_subject
from dashboard.styles import BASE, PROOF, SECTION
from revops import units

SQL = Markup(
    '<div class="proof"><h3>SQL as run, with the filters filled in</h3>'
    '<pre id="statement">{};</pre>'
    '<button class="copy" type="button" data-copy="statement">Copy the SQL</button>{}</div>'
)
ROWS_SQL = Markup(
    '<details><summary>SQL of the rows</summary><pre id="rows-statement">{};</pre>'
    '<button class="copy" type="button" data-copy="rows-statement">Copy the SQL</button></details>'
)
NO_ROWS = Markup(
    '<p class="muted">No single rows are kept that this number could be added from.</p>'
)
WHY = Markup(
    '<div><button class="copy" type="button" data-action="why:{}">Why did it move?</button></div>'
)
WAITING = Markup('<div class="empty" role="status"><b>Still asking the warehouse…</b></div>')
FAILED = Markup(
    '<div class="failed" role="alert"><b>The proof could not be made.</b>'
    "<div>The log has the details under <code>{}</code>.</div></div>"
)


class Proof(Viewer):
    """A dialog that proves one number of the page as it is filtered now.

    `state.proof` names it, a metric ("marketing.cpl") or a cell of the cohorts, so that an
    address opens it too.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._subject: Subject | None = None
        self._page = 1
        self._filling = Filling("the proof", self._follow, self._wait, self._fail)
        self._paging = Filling(
            "a page of a proof",
            self._show_page,
            lambda: self.rows.show(WAITING),
            lambda mark, _: self.rows.show(FAILED.format(mark)),
        )
        css = [BASE, SECTION, PROOF]
        self.view = HtmlView(on_action=desk.act, stylesheets=css, sizing_mode="stretch_width")
        self.rows = HtmlView(on_action=self._turn, stylesheets=css, sizing_mode="stretch_width")
        self.sql = HtmlView(stylesheets=css, sizing_mode="stretch_width")
        self.download = csv_button("Rows behind the number", self._all_rows)
        self.dialog = pmui.Dialog(
            pn.Column(
                self.view,
                pn.Row(pn.Spacer(sizing_mode="stretch_width"), self.download),
                self.rows,
                self.sql,
                sizing_mode="stretch_width",
            ),
            title="",
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
        """Open or close as the state says; a number that is not there opens nothing."""
        self._filling.run()

    def _follow(self) -> None:
        if not self._explain(self.desk.state.proof):
            self.dialog.open = False
            # what it would have looked at is not for the next one
            self.desk.state.close("proof")

    def _wait(self) -> None:
        self._only(WAITING)

    def _fail(self, mark: str, _: Exception) -> None:
        self._only(FAILED.format(mark))

    def _only(self, said: Markup) -> None:
        self._subject, self.download.visible = None, False
        self.view.show(said)
        self.rows.show(Markup())
        self.sql.show(Markup())
        self.dialog.open = True

    def _explain(self, place: str) -> bool:
        desk = self.desk
        makes = cohort_subject if place.startswith(PREFIX) else metric_subject
        found = makes(desk, place)
        if found is None:
            return False
        self._subject = found
        proven = found.behind.proof(desk.warehouse, found.value)
        self.view.show(
            Markup(
                '<div class="proof"><div class="big">{}</div>{}<p>{}</p><dl>{}</dl>'
                "{}<h3>The rows behind it</h3></div>"
            ).format(
                units.exact(found.value, found.unit, desk.currency),
                verdict(proven, found.unit, found.reading) if proven else NO_ROWS,
                found.definition,
                found.facts,
                WHY.format(found.why) if found.why else "",
            )
        )
        self._page = 1
        self._show_page()
        self.download.param.update(
            visible=proven is not None,
            filename=file_name(
                f"rows behind {found.title}", desk.filters, desk.warehouse.build.as_of, "csv"
            ),
        )
        self.sql.show(SQL.format(found.sql, ROWS_SQL.format(found.behind.sql()) if proven else ""))
        self.dialog.param.update(title=found.title, open=True)
        return True

    def _show_page(self) -> None:
        if self._subject is not None:
            page = self._subject.behind.page(self.desk.warehouse, self._page)
            self.rows.show(rows_table(page, self._subject.reading))

    def _turn(self, action: str) -> None:
        kind, _, number = action.partition(":")
        if kind != "page":
            self.desk.act(action)
        elif number.isascii() and number.isdigit():
            self._page = int(number[:9])
            self._paging.run()

    def _all_rows(self) -> pl.DataFrame | None:
        return None if self._subject is None else self._subject.behind.rows(self.desk.warehouse)

    def _closed(self, _: object) -> None:
        if not self.dialog.open:
            self.desk.state.close("proof")
