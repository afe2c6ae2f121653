"""Tables on paper: short, in units, with — for what is not known."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from dashboard.tables import Column
from revops import units

MOST_ROWS = 12
WORDS = ("text", "date", "month")


def table(
    columns: Sequence[Column], frame: pl.DataFrame, currency: str, most: int = MOST_ROWS
) -> Markup:
    """The first rows of a frame; the caller says how many there are in all."""
    heads = [
        Markup('<th scope="col" class="{}">{}</th>').format(_side(column), column.label)
        for column in columns
    ]
    rows = [_row(columns, row, currency) for row in frame.head(most).iter_rows(named=True)]
    return framed(Markup().join(heads), Markup().join(rows))


def framed(heads: Markup, rows: Markup) -> Markup:
    """A table that scrolls in its own frame where the screen is narrow, by keyboard too."""
    return Markup('<div class="wide" tabindex="0"><table>{}<tbody>{}</tbody></table></div>').format(
        Markup("<thead><tr>{}</tr></thead>").format(heads) if heads else Markup(), rows
    )


def _row(columns: Sequence[Column], row: dict[str, Any], currency: str) -> Markup:
    cells = [
        Markup('<td class="{}">{}</td>').format(
            _side(column), shown(row.get(column.name), column.unit, currency)
        )
        for column in columns
    ]
    return Markup("<tr>{}</tr>").format(Markup().join(cells))


def shown(value: Any, unit: str, currency: str) -> str:
    """A value as people read it in a table."""
    if value is None:
        return units.UNKNOWN
    if unit == "date":
        return units.day(value)
    if unit == "month":
        return units.month(value)
    if unit == "text":
        return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return units.format(value, unit, currency)


def _side(column: Column) -> str:
    return "words" if column.unit in WORDS else "number"
