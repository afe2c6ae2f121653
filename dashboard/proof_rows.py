"""The rows behind a number as HTML: file, line, what each adds, and that they add up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from markupsafe import Markup

from dashboard.html_view import joined
from revops import units
from revops.rows_behind import Page, Proof

LABELS = {
    "source_file": "File",
    "source_lines": "Line",
    "_file": "File",
    "_line": "Line",
    "record": "Row",
    "customer_id": "Customer",
    "won_cycle_days": "Days to win",
}
UNITS = {"amount": "money", "won_cycle_days": "days", "mrr": "money"}
BUTTON = Markup('<button type="button" data-action="page:{}" aria-label="{}"{}>{}</button>')

CUSTOMER = Markup(
    '<td><button class="link" type="button" data-action="drill:customer:{0}">{0}</button></td>'
)


@dataclass(frozen=True)
class Reading:
    """How the columns of rows are read: their labels, units and currency."""

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    currency: str = "USD"

    @classmethod
    def of(cls, catalogue: pl.DataFrame, currency: str) -> "Reading":
        """Columns that carry a metric's name are read like the metric."""
        return cls(
            dict(catalogue.select("metric", "label").iter_rows()),
            dict(catalogue.select("metric", "unit").iter_rows()),
            currency,
        )

    def label(self, name: str) -> str:
        """A column's heading."""
        words = name.replace("_", " ").capitalize()
        return LABELS.get(name) or self.labels.get(name) or words

    def unit(self, name: str) -> str | None:
        """A column's unit; None for words and dates."""
        return UNITS.get(name) or self.units.get(name)

    def text(self, name: str, value: Any) -> str:
        """A value with nothing shortened."""
        if value is None:
            return units.UNKNOWN
        if isinstance(value, date):
            return units.day(value)
        unit = self.unit(name)
        return str(value) if unit is None else units.exact(value, unit, self.currency)


def verdict(proof: Proof, unit: str, reading: Reading) -> Markup:
    """The rows added up in a sentence, and whether they lead to the number above."""
    added = [
        Markup("<span>Σ {} = <b>{}</b></span>").format(
            reading.label(name), reading.text(name, total)
        )
        for name, total in proof.sums.items()
    ]
    if not proof.is_sum:
        worked_out = units.exact(proof.recomputed, unit, reading.currency)
        added.append(
            Markup("<span><code>{}</code> = <b>{}</b></span>").format(proof.formula, worked_out)
        )
    says = (
        Markup('<strong class="yes">= the number above ✓</strong>')
        if proof.agrees
        else Markup('<strong class="no">≠ the number above ✗</strong>')
    )
    counted = f"{proof.rows:,} {'row' if proof.rows == 1 else 'rows'}"
    return Markup('<div class="verdict"><span><b>{}</b></span>{}{}</div>').format(
        counted, joined(added), says
    )


def rows_table(page: Page, reading: Reading) -> Markup:
    """A page of rows, with the buttons that turn it; columns without a value are left out."""
    frame = page.frame
    shown = [name for name in frame.columns if frame[name].null_count() < frame.height]
    if not shown:
        return Markup('<p class="muted">There is no row behind this number.</p>')
    heads = [_cell("th", name, reading.label(name), reading) for name in shown]
    body = [
        [_cell("td", name, reading.text(name, row[name]), reading) for name in shown]
        for row in frame.iter_rows(named=True)
    ]
    return Markup(
        '<div class="rows" tabindex="0" role="region" aria-label="Rows behind the number">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>{}"
    ).format(
        joined(heads),
        joined([Markup("<tr>{}</tr>").format(joined(cells)) for cells in body]),
        _pager(page) if page.pages > 1 else "",
    )


def _pager(page: Page) -> Markup:
    off = Markup(" disabled")
    return Markup('<div class="pager">{}<span>{}–{} of {}</span>{}</div>').format(
        BUTTON.format(page.previous, "Previous rows", "" if page.has_previous else off, "‹"),
        f"{page.first:,}",
        f"{page.last:,}",
        f"{page.rows:,}",
        BUTTON.format(page.following, "Next rows", "" if page.has_following else off, "›"),
    )


def _cell(tag: str, name: str, text: str, reading: Reading) -> Markup:
    scope = Markup(' scope="col"') if tag == "th" else Markup()
    if name == "customer_id" and tag == "td" and text != units.UNKNOWN:
        return CUSTOMER.format(text)
    side = Markup(' class="number"') if reading.unit(name) else Markup()
    return Markup("<{0}{1}{2}>{3}</{0}>").format(Markup(tag), scope, side, text)
