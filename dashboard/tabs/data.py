"""Data: the state of the books: files, checks, withheld rows, warnings, metrics, policies."""

from collections.abc import Callable
from dataclasses import dataclass

import panel_material_ui as pmui
import polars as pl

from dashboard.section import Section
from dashboard.state import SHELVES
from dashboard.tables import Column, Table
from dashboard.tabs.base import Tab
from dashboard.wording import books_said, times
from revops import Warehouse, books, metrics, units


@dataclass(frozen=True)
class Shelf:
    """One list of the Data tab: where it comes from, its columns, and what an empty one means."""

    title: str
    rows: Callable[[Warehouse], pl.DataFrame]
    columns: tuple[Column, ...]
    empty: str


def _files(warehouse: Warehouse) -> pl.DataFrame:
    given = pl.when("is_present").then(pl.lit("loaded")).otherwise(pl.lit("not given"))
    return books.loads(warehouse).with_columns(given.alias("state"))


def _checks(warehouse: Warehouse) -> pl.DataFrame:
    words = {"passed": "✓ holds", "failed": "✗ failed", "not applicable": "– not applicable"}
    is_warning = (pl.col("status") == "failed") & (pl.col("class") == "warning")
    return books.checks(warehouse).with_columns(
        pl.when(is_warning)
        .then(pl.lit("! warns"))
        .otherwise(pl.col("status").replace(words))
        .alias("status")
    )


LISTS = {
    "files": Shelf(
        "Files",
        _files,
        (
            Column("dataset", "Data set", width=160),
            Column("state", "State"),
            Column("file", "File", width=190),
            Column("rows_read", "Rows read", "count"),
            Column("rows_loaded", "Loaded", "count"),
            Column("rows_quarantined", "Withheld", "count"),
            Column("amount_loaded", "Money loaded", "money"),
            Column("amount_withheld", "Money withheld", "money"),
            Column("first_date", "From", "date"),
            Column("last_date", "To", "date"),
        ),
        "No file was loaded.",
    ),
    "checks": Shelf(
        "Checks",
        _checks,
        (
            Column("status", "State"),
            Column("name", "Check"),
            Column("class", "Class"),
            Column("rows_tested", "Rows tested", "count"),
            Column("rows_failed", "Rows failed", "count"),
            Column("largest_gap", "Largest gap", "count"),
            Column("description", "What must hold", width=400),
            Column("reason", "Why not applicable", width=220),
        ),
        "This build recorded no checks.",
    ),
    "withheld": Shelf(
        "Withheld rows",
        lambda warehouse: books.quarantine(warehouse, limit=10_000),
        (
            Column("file", "File"),
            Column("line", "Line", "count"),
            Column("column_name", "Column"),
            Column("value", "Value"),
            Column("rule", "Rule"),
            Column("reason", "Reason", width=300),
            Column("raw_row", "The row as it stands in the file", width=420),
        ),
        "No row was withheld: every row read was loaded.",
    ),
    "warnings": Shelf(
        "Warnings",
        books.warnings,
        (
            Column("dataset", "Data set"),
            Column("rule", "Rule"),
            Column("rows", "Rows", "count"),
            Column("example", "For example"),
            Column("description", "What was kept and counted", width=460),
        ),
        "Nothing odd was found in the rows that loaded.",
    ),
    "metrics": Shelf(
        "Metric catalogue",
        metrics.catalogue,
        (
            Column("domain", "Domain"),
            Column("label", "Label", width=150),
            Column("definition", "Definition", width=360),
            Column("unit", "Unit"),
            Column("better", "Better"),
            Column("time_window", "Window", width=110),
            Column("metric", "Name in SQL"),
            Column("numerator", "Numerator"),
            Column("denominator", "Denominator"),
            Column("benchmark", "Benchmark"),
        ),
        "This build has no metrics.",
    ),
    "policies": Shelf(
        "Policies in force",
        books.policies,
        (
            Column("key", "Policy"),
            Column("value", "In force"),
            Column("default_value", "Default"),
            Column("is_default", "Is default"),
            Column("description", "What it decides", width=460),
        ),
        "This build recorded no policies.",
    ),
}


class Data(Tab):
    """The tab of the books; the shelf shown is part of the address.

    A shelf is filled on its first visit: the books of a build do not change.
    """

    def build(self) -> None:
        """Only the choice of shelf and the open one; the others when they are asked for."""
        state = self.desk.state
        self.choice = pmui.RadioButtonGroup(
            options={label: name for name, label in SHELVES.items()},
            value=state.shelf,
            size="small",
            variant="outlined",
            color="primary",
            margin=0,
            sizing_mode=None,
            stylesheets=[":host { grid-column: 1 / -1; max-width: 100%; overflow-x: auto; }"],
        )
        self.choice.param.watch(lambda event: state.param.update(shelf=event.new), "value")
        self.tables: dict[str, Table] = {}
        self.shelves: dict[str, Section] = {}
        self.refresh_sections()

    def watched(self) -> object:
        """The books of a build depend on no filter, only on which shelf is open."""
        return self.desk.state.shelf

    def refresh_sections(self) -> None:
        """Open the shelf that the address names."""
        name = self.desk.state.shelf
        self.choice.value = name
        if name not in self.shelves:
            shelf = LISTS[name]
            self.tables[name] = Table(shelf.columns, self.desk.currency, rows=20)
            self.shelves[name] = self.section(
                shelf.title, "", [self.tables[name]], self._work(name)
            )
            self.shelves[name].refresh()
            self._sections = [self.choice, *self.shelves.values()]
            self.layout.objects = list(self._sections)
        for shelf_name, section in self.shelves.items():
            section.card.visible = shelf_name == name

    def _work(self, name: str) -> Callable[[Section], None]:
        def work(section: Section) -> None:
            frame = LISTS[name].rows(self.desk.warehouse)
            if frame.is_empty():
                section.show_empty("Nothing here", LISTS[name].empty, way_out=False)
                return
            self.tables[name].show(frame)
            section.show(self._said(name, frame), frame)

        return work

    def _said(self, name: str, frame: pl.DataFrame) -> str:
        if name == "checks":
            return f"{books_said(self.desk.warehouse)}."
        if name == "files":
            build = self.desk.warehouse.build
            return f"As of {units.day(build.as_of)}, taken from {build.as_of_source}."
        return times(frame.height, "row") + "."
