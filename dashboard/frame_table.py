"""A chart's numbers as an HTML table: what a screen reader reads and a keyboard can follow."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
from markupsafe import Markup

from dashboard.cell_proofs import CellAction
from dashboard.html_view import joined
from dashboard.places import DRILLS
from dashboard.proof_rows import Reading
from revops import metrics, units
from revops.warehouse import Warehouse

MOST_ROWS = 200
LINK = Markup('<button class="link" type="button" data-action="drill:{0}:{1}">{1}</button>')
NUMBER = Markup('<button class="cell" type="button" data-action="{}">{}</button>')
# of the buttons of a grid the Tab key finds one, and the arrow keys the others
GRID = Markup(' role="grid"')
# the end of a column's name tells its unit where no metric of that name does
ENDINGS = {
    "share": "ratio",
    "_of_previous": "ratio",
    "_of_first": "ratio",
    "_rate": "ratio",
    "still_open": "ratio",
    "without_amount": "count",
    "mrr": "money",
    "amount": "money",
    "spend": "money",
    "cpl": "money",
    "days": "days",
    # a target for won amount, and what is to be won for it
    "coverage": "multiple",
    "coverage_needed": "multiple",
    "target_value": "money",
    "won_so_far": "money",
    "remaining": "money",
    "pipeline_due": "money",
    # a forecast's range, what came, and what simple forecasts said
    "p10": "money",
    "p50": "money",
    "p90": "money",
    "actual": "money",
    "as_last_quarter": "money",
    "as_a_year_before": "money",
}


def proves_nothing(_column: str, _row: Mapping[str, Any]) -> str:
    """The rule of a table whose numbers are no metrics."""
    return ""


def frame_table(
    warehouse: Warehouse,
    frame: pl.DataFrame,
    title: str,
    currency: str,
    proves: CellAction = proves_nothing,
) -> Markup:
    """The first rows of what a chart shows; names that have a page of their own lead to it.

    A number for which `proves` has an action opens its proof.
    """
    reading = Reading.of(metrics.catalogue(warehouse), currency)
    shown = [name for name in frame.columns if _is_shown(frame, name)]
    head = [
        Markup('<th scope="col"{}>{}</th>').format(_side(frame, name), reading.label(name))
        for name in shown
    ]
    body = [
        Markup("<tr>{}</tr>").format(
            joined([_cell(frame, name, row, reading, proves(name, row)) for name in shown])
        )
        for row in frame.head(MOST_ROWS).iter_rows(named=True)
    ]
    more = frame.height - MOST_ROWS
    return Markup(
        '<div class="rows" tabindex="0" role="region" aria-label="{0} as a table"><table{1}>'
        "<caption>{0}</caption><thead><tr>{2}</tr></thead><tbody>{3}</tbody></table></div>{4}"
    ).format(
        title,
        "" if proves is proves_nothing else GRID,
        joined(head),
        joined(body),
        Markup('<p class="muted">{:,} more rows in the downloads.</p>').format(more)
        if more > 0
        else "",
    )


def _is_shown(frame: pl.DataFrame, name: str) -> bool:
    is_nested = isinstance(frame.schema[name], (pl.List, pl.Struct))
    return not is_nested and frame[name].null_count() < frame.height


def _cell(
    frame: pl.DataFrame, name: str, row: Mapping[str, Any], reading: Reading, action: str
) -> Markup:
    value = row[name]
    if name in DRILLS and isinstance(value, str) and value:
        return Markup("<td>{}</td>").format(LINK.format(name, value))
    text = _text(name, value, reading)
    shown = NUMBER.format(action, text) if action else text
    return Markup("<td{}>{}</td>").format(_side(frame, name), shown)


def _text(name: str, value: Any, reading: Reading) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if reading.unit(name) or not isinstance(value, (int, float, Decimal)):
        return reading.text(name, value)
    unit = next((unit for end, unit in ENDINGS.items() if name.endswith(end)), "count")
    return units.format(value, "ratio" if name.startswith("share") else unit, reading.currency)


def _side(frame: pl.DataFrame, name: str) -> Markup:
    return Markup(' class="number"') if frame.schema[name].is_numeric() else Markup()
