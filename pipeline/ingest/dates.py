"""Dates: as ISO writes them, or as the configuration says; never a guess."""

import re
from datetime import date, datetime

from pipeline.ingest.cell_format import CellFormat, Refused, strange

FIRST_YEAR, LAST_YEAR = 1900, 2199
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(\S*)", re.ASCII)
_MIDNIGHT = re.compile(r"00:00(?::00(?:\.0+)?)?")
_NO_OFFSET = re.compile(r"|Z|[+-]00:?00")


def read_date(text: str, how: CellFormat) -> date:
    value = _date_as_configured(text, how.date_format) if how.date_format else _iso_date(text)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Refused(
            "date_out_of_range",
            f"A date lies between the years {FIRST_YEAR} and {LAST_YEAR}.",
            "Correct the year.",
        )
    return value


def _iso_date(text: str) -> date:
    stamp = _ISO_TIME.fullmatch(text)
    if stamp and (not _MIDNIGHT.fullmatch(stamp[2]) or not _NO_OFFSET.fullmatch(stamp[3])):
        raise Refused(
            "time_of_day",
            "The cell holds a time of day, not a date.",
            'Name it in revops.toml, such as date_format = "%Y-%m-%d %H:%M:%S".',
        )
    day = stamp[1] if stamp else text
    try:
        if _ISO_DATE.fullmatch(day):
            return date.fromisoformat(day)
    except ValueError:
        raise Refused(
            "not_a_date", "There is no such day in the calendar.", "Correct the cell."
        ) from None
    raise Refused(
        "not_a_date",
        "A date is written 2026-03-04." + strange(text),
        'Name the file\'s own form in revops.toml, such as date_format = "%d/%m/%Y".',
    )


def _date_as_configured(text: str, date_format: str) -> date:
    try:
        if text.isascii() and text == text.strip():
            return datetime.strptime(text, date_format).date()
    except ValueError:
        pass
    raise Refused(
        "not_a_date",
        f"A date of this file is written {date_format}." + strange(text),
        "Correct the cell, or date_format in revops.toml.",
    )
