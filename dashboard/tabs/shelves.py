"""The lists of the Data tab: where each comes from, and its columns as people read them."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from dashboard.tables import Column
from revops import Warehouse, books, metrics, reports, units


@dataclass(frozen=True)
class Shelf:
    """One list of the Data tab: where it comes from, its columns, and what an empty one means."""

    title: str
    rows: Callable[[Warehouse], pl.DataFrame]
    columns: tuple[Column, ...]
    empty: str


def _files(warehouse: Warehouse) -> pl.DataFrame:
    given = pl.when("is_present").then(pl.lit("loaded")).otherwise(pl.lit("not given"))
    return books.freshness(warehouse).with_columns(given.alias("state"))


def _restated(warehouse: Warehouse) -> pl.DataFrame:
    return _in_units(
        warehouse,
        reports.query(warehouse, "restatements"),
        "value_before",
        "value_now",
        "difference",
    )


def _under_each_policy(warehouse: Warehouse) -> pl.DataFrame:
    found = reports.query(warehouse, "policy_impact")
    in_force = pl.when("is_in_force").then(pl.lit("in force")).otherwise(pl.lit(""))
    return _in_units(warehouse, found, "value", "difference").with_columns(
        in_force.alias("in_force")
    )


def _in_units(warehouse: Warehouse, frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Numbers of rows that each have a unit of their own, as texts."""
    currency = warehouse.build.currency
    unit_of = frame["unit"].fill_null("count").to_list()
    said = {
        name: [
            units.format(value, unit, currency)
            for value, unit in zip(frame[name].to_list(), unit_of, strict=True)
        ]
        for name in names
    }
    return frame.with_columns(
        pl.Series(name, texts, dtype=pl.String) for name, texts in said.items()
    )


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
            Column("freshness", "Freshness", width=190),
            Column("rows_read", "Rows read", "count"),
            Column("rows_loaded", "Loaded", "count"),
            Column("rows_quarantined", "Withheld", "count"),
            Column("amount_loaded", "Money loaded", "money"),
            Column("amount_withheld", "Money withheld", "money"),
            Column("amount_unreadable_cells", "Amounts not readable", "count"),
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
        lambda warehouse: books.withheld(warehouse, limit=10_000),
        (
            Column("file", "File"),
            Column("line", "Line", "count"),
            Column("column_name", "Column"),
            Column("value", "Value"),
            Column("rule", "Rule"),
            Column("reason", "Reason", width=230),
            Column("remedy", "What to mend", width=210),
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
    "restatements": Shelf(
        "Restated values of closed months",
        _restated,
        (
            Column("month", "Month", "month"),
            Column("label", "Metric", width=150),
            Column("segment", "Segment"),
            Column("value_before", "Before"),
            Column("value_now", "Now"),
            Column("difference", "Difference"),
            Column("as_of_before", "As of before", "date"),
            Column("as_of_now", "As of now", "date"),
            Column("also_changed", "Also changed", width=200),
            Column("build_now", "By build", width=250),
        ),
        "No build has told a closed month otherwise than the build before it.",
    ),
    "restated_rows": Shelf(
        "Input rows behind restated values",
        lambda warehouse: reports.query(warehouse, "restated_rows"),
        (
            Column("dataset", "Data set", width=150),
            Column("change", "Change"),
            Column("row_key", "Row", width=180),
            Column("what_changed", "What changed", width=260),
            Column("affects_from", "From", "date"),
            Column("file_before", "File before"),
            Column("line_before", "Line", "count"),
            Column("file_now", "File now"),
            Column("line_now", "Line", "count"),
            Column("domains", "Touches"),
            Column("build_now", "By build", width=250),
        ),
        "No row of an input file has made a closed month read otherwise.",
    ),
    "models": Shelf(
        "Models and their lineage",
        books.models,
        (
            Column("name", "Model", width=290),
            Column("layer", "Layer"),
            Column("kind", "Kind"),
            Column("depends_on", "Reads", width=340),
            Column("description", "What it holds", width=460),
        ),
        "This build recorded no models.",
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
    "impact": Shelf(
        "The numbers under each choice of a policy",
        _under_each_policy,
        (
            Column("policy", "Policy", width=190),
            Column("decides", "What it decides", width=230),
            Column("choice", "Choice", width=120),
            Column("in_force", "State", width=80),
            Column("label", "Metric", width=150),
            Column("value", "Value"),
            Column("difference", "Against the one in force", width=130),
            Column("period_start", "Period from", "date"),
            Column("reason", "Why not known"),
        ),
        "This build worked out no other choice.",
    ),
}
