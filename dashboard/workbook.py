"""Workbooks with typed cells; the same content gives the same bytes."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import xlsxwriter

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_SHEET_NAME = 31
LONGEST_CELL = 32_767
WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook: its name and its rows."""

    name: str
    frame: pl.DataFrame


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula, not even after it is saved as CSV."""
    return f"'{text}" if text.startswith(FORMULA) else text


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as a spreadsheet can hold it: lists as "a; b", no text that begins a formula.

    Headers are text too.
    """
    plain = frame.with_columns(
        pl.col(name).list.eval(pl.element().cast(pl.String)).list.join("; ")
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.List)
    )
    neutral = plain.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in plain.schema.items()
        if kind == pl.String
    )
    return neutral.rename({name: safe(name) for name in neutral.columns})


def workbook(about: Sequence[tuple[str, str]], sheets: Sequence[Sheet], as_of: date) -> bytes:
    """An XLSX file: a sheet "About" of labels and texts, then one sheet per table.

    Dated by the as-of date and not by the clock, so that it can be compared byte by byte.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"created": datetime.combine(as_of, time())})
    looks = {
        "bold": book.add_format({"bold": True, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    _about(book.add_worksheet("About"), about, looks)
    taken = {"about"}
    for sheet in sheets:
        _table(book.add_worksheet(_sheet_name(sheet.name, taken)), flat(sheet.frame), looks)
    book.close()
    return target.getvalue()


def _about(page: Any, lines: Sequence[tuple[str, str]], looks: dict[str, Any]) -> None:
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 110)
    shown = [(label, text) for label, text in lines if text]
    for row, (label, text) in enumerate(shown):
        page.write_string(row, 0, safe(label), looks["bold"])
        page.write_string(row, 1, safe(text)[:LONGEST_CELL], looks["wrap"])


def _table(page: Any, frame: pl.DataFrame, looks: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for column, name in enumerate(frame.columns):
        page.set_column(column, column, min(WIDEST, max(12, len(name))))
        page.write_string(0, column, name, looks["bold"])
        for row, value in enumerate(frame[name].to_list(), start=1):
            _cell(page, row, column, value, looks)


def _cell(page: Any, row: int, column: int, value: Any, looks: dict[str, Any]) -> None:
    """What is not known stays an empty cell."""
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, (int, float, Decimal)):
        if Decimal(str(value)).is_finite():
            page.write_number(row, column, float(value))
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), looks["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, looks["date"])
    elif value is not None:
        page.write_string(row, column, str(value)[:LONGEST_CELL])


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name Excel takes: at most 31 characters, none of []:*?/\\, each once."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", wanted).strip()[:LONGEST_SHEET_NAME] or "Table"
    name, count = plain, 1
    while name.lower() in taken:
        count += 1
        mark = f" {count}"
        name = plain[: LONGEST_SHEET_NAME - len(mark)] + mark
    taken.add(name.lower())
    return name
