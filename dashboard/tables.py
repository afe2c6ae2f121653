"""Tables that page on the server and show every value in its unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import panel as pn
import polars as pl
from bokeh.models import CellFormatter, DateFormatter, NumberFormatter, StringFormatter
from panel.viewable import Viewable, Viewer

from dashboard.cell_proofs import cell_action
from revops import units

ROWS_PER_PAGE = 12
MOST_EVEN = 10
DATES = {"date": "%-d %b %Y", "month": "%b %Y"}
NARROWEST = {True: 64, False: 96}
LEAST_OF_A_TEXT = 240

LOOK = """
:host { --rc-row: 36px; }
.tabulator { background: transparent !important; border: 0 !important; font-size: 13px;
  font-family: var(--rc-font); color: var(--rc-text); }
.tabulator .tabulator-header { background: transparent !important; color: var(--rc-muted);
  border-bottom: 1px solid var(--rc-border) !important; border-top: 0 !important; }
.tabulator .tabulator-header .tabulator-col { background: transparent !important;
  border-right: 0 !important; color: var(--rc-muted) !important; }
.tabulator .tabulator-header .tabulator-col .tabulator-col-title { font-weight: 600;
  font-size: 12.5px; white-space: normal !important; line-height: 1.3; overflow-wrap: normal; }
.tabulator .tabulator-header .tabulator-col-sorter { opacity: .7; }
.tabulator .tabulator-header .tabulator-col[aria-sort="none"]:not(:hover)
  .tabulator-col-sorter { opacity: 0; }
.tabulator .tabulator-header .tabulator-col:hover { color: var(--rc-text) !important;
  background: var(--rc-raised) !important; }
.tabulator .tabulator-tableholder, .tabulator .tabulator-table { background: transparent !important;
  color: var(--rc-text) !important; }
.tabulator .tabulator-row { background: transparent !important; color: var(--rc-text) !important;
  border-bottom: 1px solid var(--rc-border) !important; min-height: 34px; }
.tabulator .tabulator-row:hover { background: var(--rc-raised) !important; }
.tabulator .tabulator-row .tabulator-cell { border-right: 0 !important; padding: 8px 9px;
  font-size: 13px !important; line-height: 1.35;
  font-variant-numeric: tabular-nums; height: auto !important; white-space: normal;
  overflow-wrap: break-word; }
.tabulator .tabulator-row .tabulator-cell[style*="text-align: right"] { white-space: nowrap; }
.tabulator .tabulator-row .tabulator-cell.tabulator-frozen,
.tabulator .tabulator-header .tabulator-frozen { background: var(--rc-surface) !important;
  border-right: 1px solid var(--rc-border) !important; }
.tabulator .tabulator-cell:focus-visible { outline: 2px solid var(--rc-accent);
  outline-offset: -2px; }
.tabulator .tabulator-footer { background: transparent !important; border-top: 0 !important;
  color: var(--rc-muted) !important; padding: 6px 0 0; font-weight: 500; }
.tabulator .tabulator-footer .tabulator-page { color: var(--rc-text) !important;
  background: transparent !important; border: 1px solid var(--rc-border) !important;
  border-radius: 6px; margin: 0 2px; padding: 3px 9px; }
.tabulator .tabulator-footer .tabulator-page.active { color: var(--rc-on-accent) !important;
  background: var(--rc-accent) !important; border-color: var(--rc-accent) !important; }
.tabulator .tabulator-footer .tabulator-page:disabled { opacity: .55; }
"""

# what has the mark --rc-leads is within the keyboard's reach
LINK = """
.tabulator .tabulator-row .tabulator-cell[tabulator-field="%s"] { cursor: pointer; --rc-leads: 1;
  color: var(--rc-accent) !important; text-decoration: underline; text-underline-offset: 3px; }
"""
NUMBER = """
.tabulator .tabulator-row .tabulator-cell[tabulator-field="%s"] { cursor: pointer; %s }
.tabulator .tabulator-row .tabulator-cell[tabulator-field="%s"]:hover { color: var(--rc-accent);
  text-decoration: underline dotted; text-underline-offset: 3px; }
"""
NO_PAGES = ".tabulator .tabulator-footer { display: none; }"


@dataclass(frozen=True)
class Column:
    """A column as people read it: its label and its unit; "text", "date", "month" are units too."""

    name: str
    label: str
    unit: str = "text"
    width: int | None = None


class Table(Viewer):
    """Rows of a frame under readable headings; sorting and paging happen on the server."""

    def __init__(self, columns: Sequence[Column], currency: str, rows: int = ROWS_PER_PAGE) -> None:
        # many columns take what their figures need, so that none is broken or cut; few share
        # the room evenly, unless the last one is a text that wants all that is left
        is_fitted = columns[-1].unit == "text" or len(columns) > MOST_EVEN
        narrowest = NARROWEST[is_fitted]
        super().__init__()
        self.columns = tuple(columns)
        self.look = LOOK
        self.unproven: frozenset[tuple[str, str]] = frozenset()
        self.widget = pn.widgets.Tabulator(
            self._shaped(pl.DataFrame({column.name: [] for column in columns})),
            titles={column.name: escape(column.label) for column in columns},
            formatters={column.name: _formatter(column.unit, currency) for column in columns},
            text_align={column.name: _align(column.unit) for column in columns},
            widths={column.name: column.width for column in columns if column.width},
            pagination="remote",
            page_size=rows,
            show_index=False,
            # an editor, even one that may not edit, takes the keyboard's focus away from its cell
            editors={column.name: None for column in columns},
            disabled=True,
            selectable=False,
            header_align={column.name: _align(column.unit) for column in columns},
            layout="fit_data_stretch" if is_fitted else "fit_columns",
            configuration={
                "columnDefaults": {"minWidth": narrowest},
                "columns": [
                    {"field": columns[-1].name, "minWidth": _least(columns[-1], narrowest)}
                ],
            },
            theme="simple",
            sizing_mode="stretch_width",
            margin=0,
            stylesheets=[LOOK],
        )

    def __panel__(self) -> Viewable:
        return self.widget

    def opens(self, kind: str, act: Callable[[str], None]) -> "Table":
        """A click on a name in the column of that kind opens the page of that entity."""
        return self.chooses(kind, lambda name: act(f"drill:{kind}:{name}"))

    def chooses(self, column: str, chosen: Callable[[str], None]) -> "Table":
        """A click on a text of that column tells which one."""

        def clicked(event: Any) -> None:
            if event.column == column and isinstance(event.value, str):
                chosen(event.value)

        self.look += LINK % column
        self.widget.on_click(clicked)
        return self

    def proves(self, kind: str, metrics: Mapping[str, str], act: Callable[[str], None]) -> "Table":
        """A click on a number opens its proof, kept to the entity or month of its row.

        `metrics` names the metric ("marketing.cpl") of each column that is one; `kind` is the
        column that says whose row it is. `unproven` are the cells, by row name and column, whose
        metric is another number just there.
        """

        def clicked(event: Any) -> None:
            if event.column in metrics:
                named = self.widget.value[kind].iloc[event.row]
                name = named if isinstance(named, str) else named.date().isoformat()
                if name != units.UNKNOWN and (name, event.column) not in self.unproven:
                    act(cell_action(metrics[event.column], {kind: name}))

        # the keyboard finds the proofs of an entity's numbers on its page; a month has none
        reach = "--rc-leads: 1;" if kind == "month" else ""
        self.look += "".join(NUMBER % (column, reach, column) for column in metrics)
        self.widget.on_click(clicked)
        return self

    def show(self, frame: pl.DataFrame) -> None:
        """Show these rows from the first page on."""
        one_page = frame.height <= self.widget.page_size
        wanted: dict[str, Any] = {
            "stylesheets": [self.look, NO_PAGES] if one_page else [self.look],
            "page": 1,
            "value": self._shaped(frame),
        }
        # in the browser each of these rebuilds the table: only what differs is told
        same = [
            name for name in ("stylesheets", "page") if getattr(self.widget, name) == wanted[name]
        ]
        self.widget.param.update(**{name: wanted[name] for name in wanted if name not in same})

    def _shaped(self, frame: pl.DataFrame) -> Any:
        """The columns wanted, as plain numbers, dates and texts."""
        shaped = frame.select(_plain(frame, column.name, column.unit) for column in self.columns)
        return shaped.to_pandas()


def _least(last: Column, usual: int) -> int:
    """The least width of the last column, which takes the room that is left, be it next to none."""
    return min(last.width, LEAST_OF_A_TEXT) if last.width else usual


def _plain(frame: pl.DataFrame, name: str, unit: str) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, dtype=pl.String).alias(name)
    if unit == "text":
        if isinstance(frame.schema[name], pl.List):
            return pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(", ")
        return pl.col(name).cast(pl.String).fill_null(units.UNKNOWN)
    if unit in DATES:
        return pl.col(name).cast(pl.Date).cast(pl.Datetime("ms"))
    return pl.col(name).cast(pl.Float64)


def _formatter(unit: str, currency: str) -> CellFormatter:
    symbol = units.format(0, "money", currency).rstrip("0.")
    numbers = {
        "money": f"{symbol}0,0",
        "price": f"{symbol}0,0.00",
        "money_per_day": f"{symbol}0,0",
        "count": "0,0",
        "ratio": "0,0.0%",
        "days": "0,0",
        "multiple": "0.0",
    }
    if unit in numbers:
        return NumberFormatter(
            format=numbers[unit], nan_format=units.UNKNOWN, null_format=units.UNKNOWN
        )
    if unit in DATES:
        return DateFormatter(
            format=DATES[unit], nan_format=units.UNKNOWN, null_format=units.UNKNOWN
        )
    return StringFormatter(nan_format=units.UNKNOWN, null_format=units.UNKNOWN)


def _align(unit: str) -> str:
    return "left" if unit == "text" or unit in DATES else "right"
