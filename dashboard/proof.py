"""The way home from a number: what it means, the rows it comes from, and the SQL that ran."""

import panel as pn
import panel_material_ui as pmui
import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.desk import Desk
from dashboard.exports import csv_button, file_name
from dashboard.html_view import HtmlView
from dashboard.operations.filling import Filling
from dashboard.proof_facts import facts
from dashboard.proof_rows import Reading, rows_table, verdict
from dashboard.styles import BASE, PROOF, SECTION
from revops import evidence, metrics, units

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
WAITING = Markup('<div class="empty" role="status"><b>Still asking the warehouse…</b></div>')
FAILED = Markup(
    '<div class="failed" role="alert"><b>The proof could not be made.</b>'
    "<div>The log has the details under <code>{}</code>.</div></div>"
)


class Proof(Viewer):
    """A dialog that proves one metric of the page as it is filtered now.

    `state.proof` names the metric ("marketing.cpl"), so that an address opens it too.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._asked: tuple[str, str] | None = None
        self._reading = Reading()
        self._filling = Filling("the proof", self._follow, self._wait, self._fail)
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
        """Open or close as the state says; a metric that is not there opens nothing."""
        self._filling.run()

    def _follow(self) -> None:
        domain, _, name = self.desk.state.proof.partition(".")
        if not self._explain(domain, name):
            self.dialog.open = False
            self.desk.state.proof = ""

    def _wait(self) -> None:
        self._only(WAITING)

    def _fail(self, mark: str, _: Exception) -> None:
        self._only(FAILED.format(mark))

    def _only(self, said: Markup) -> None:
        self._asked, self.download.visible = None, False
        self.view.show(said)
        self.rows.show(Markup())
        self.sql.show(Markup())
        self.dialog.open = True

    def _explain(self, domain: str, name: str) -> bool:
        warehouse, filters, currency = self.desk.warehouse, self.desk.filters, self.desk.currency
        if domain not in metrics.domains(warehouse):
            return False
        catalogue = metrics.catalogue(warehouse, domain)
        found = catalogue.filter(pl.col("metric") == name)
        if found.is_empty():
            return False
        metric = found.row(0, named=True)
        self._asked, self._reading = (domain, name), Reading.of(catalogue, currency)
        now = metrics.total(warehouse, domain, filters)
        proven = evidence.proof(warehouse, domain, name, filters)
        self.view.show(
            Markup(
                '<div class="proof"><div class="big">{}</div>{}<p>{}</p><dl>{}</dl>'
                '<div><button class="copy" type="button" data-action="why:{}">Why did it move?'
                "</button></div><h3>The rows behind it</h3></div>"
            ).format(
                units.exact(now.get(name), metric["unit"], currency),
                verdict(proven, metric["unit"], self._reading) if proven else NO_ROWS,
                metric["definition"],
                facts(self.desk, metric, now, self._reading),
                f"{domain}.{name}",
            )
        )
        self._show_page(1)
        self.download.param.update(
            visible=proven is not None,
            filename=file_name(
                f"rows behind {metric['label']}", filters, warehouse.build.as_of, "csv"
            ),
        )
        of_rows = evidence.rows_sql(warehouse, domain, name, filters) if proven else ""
        self.sql.show(
            SQL.format(
                metrics.sql(warehouse, domain, filters), ROWS_SQL.format(of_rows) if proven else ""
            )
        )
        self.dialog.param.update(title=metric["label"], open=True)
        return True

    def _show_page(self, number: int) -> None:
        if self._asked is None:
            return
        page = evidence.page(self.desk.warehouse, *self._asked, self.desk.filters, number)
        self.rows.show(rows_table(page, self._reading))

    def _turn(self, action: str) -> None:
        kind, _, number = action.partition(":")
        if kind != "page":
            self.desk.act(action)
        elif number.isascii() and number.isdigit():
            self._show_page(int(number[:9]))

    def _all_rows(self) -> pl.DataFrame | None:
        if self._asked is None:
            return None
        return evidence.rows(self.desk.warehouse, *self._asked, self.desk.filters)

    def _closed(self, _: object) -> None:
        if not self.dialog.open:
            self.desk.state.close("proof")
