"""The way home from a number: what it means, what it was computed from, and the SQL that ran."""

from typing import Any

import panel_material_ui as pmui
from markupsafe import Markup
from panel.viewable import Viewable, Viewer

from dashboard.benchmarks import benchmarks
from dashboard.desk import Desk
from dashboard.html_view import HtmlView, joined
from dashboard.styles import BASE, PROOF
from revops import metrics, units

WINDOWS = {
    "flow": "What happened within the window",
    "stock": "As it stands on the window's last day, at the as-of date at the latest",
    "last_12_months": "The 12 months to the last complete month inside the window",
    "last_3_months": "The 3 months to the last complete month inside the window",
    "last_month": "The last complete month inside the window",
}


class Proof(Viewer):
    """A dialog that explains one metric of the page as it is filtered now."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.view = HtmlView(stylesheets=[BASE, PROOF], sizing_mode="stretch_width")
        self.dialog = pmui.Dialog(
            self.view,
            title="",
            open=False,
            close_on_click=True,
            show_close_button=True,
            width_option="md",
            title_variant="h6",
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> Viewable:
        return self.dialog

    def explain(self, domain: str, name: str) -> None:
        """Open the dialog on a metric; one that is not in the catalogue opens nothing."""
        catalogue = metrics.catalogue(self.desk.warehouse, domain)
        labels = dict(catalogue.select("metric", "label").iter_rows())
        found = catalogue.filter(catalogue["metric"] == name)
        if found.is_empty():
            return
        metric = found.row(0, named=True)
        now = metrics.total(self.desk.warehouse, domain, self.desk.filters)
        sql = metrics.sql(self.desk.warehouse, domain, self.desk.filters)
        units_of = dict(catalogue.select("metric", "unit").iter_rows())
        facts = self._facts(metric, now, labels, units_of)
        self.view.show(
            Markup(
                '<div class="proof"><div class="big">{value}</div><p>{definition}</p>'
                "<dl>{facts}</dl><h3>SQL as run, with the filters filled in</h3>"
                '<pre id="statement">{sql}</pre>'
                '<button class="copy" type="button" data-copy="statement">'
                "Copy the SQL</button></div>"
            ).format(
                value=units.exact(now.get(name), metric["unit"], self.desk.currency),
                definition=metric["definition"],
                facts=joined([_fact(*fact) for fact in facts]),
                sql=f"{sql};",
            )
        )
        self.dialog.param.update(title=metric["label"], open=True)

    def _facts(
        self,
        metric: dict[str, Any],
        now: dict[str, Any],
        labels: dict[str, str],
        units_of: dict[str, str],
    ) -> list[tuple[str, str]]:
        facts = [
            ("Looked at", self.desk.state.describe()),
            ("Column", metric["metric"]),
        ]
        for role, part in (
            ("Numerator", metric["numerator"]),
            ("Denominator", metric["denominator"]),
        ):
            if part and part in now:
                value = units.exact(now[part], units_of.get(part), self.desk.currency)
                facts.append((role, f"{labels.get(part, part)}: {value}"))
        window = metric["time_window"]
        facts.append(("Window", WINDOWS.get(window, window or "")))
        better = metric["better"]
        facts.append(("Better", better.capitalize() if better else "Neither higher nor lower"))
        if now.get(f"{metric['metric']}_unknown_rows"):
            facts.append(("Rows not known", f"{now[metric['metric'] + '_unknown_rows']:,}"))
        known = benchmarks(self.desk.warehouse, self.desk.filters, self.desk.currency)
        if one := known.get((metric["domain"], metric["metric"])):
            facts.append(("Benchmark", str(one)))
        return facts


def _fact(name: str, value: str) -> Markup:
    return Markup("<dt>{}</dt><dd>{}</dd>").format(name, value)
