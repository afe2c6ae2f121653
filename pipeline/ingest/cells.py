"""Reading one cell strictly: the exact value, or the reason why not.

The quick way through a column is in `typing`; every cell that it cannot prove plain
comes here. A value is never rounded, guessed or trimmed in silence.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from pipeline.contracts.columns import Kind
from pipeline.ingest.currency import other_currency, without_own_sign
from pipeline.ingest.lookalikes import describe_foreign_characters

SMALLEST_UNIT = Decimal("0.000001")
MONEY_LIMIT = Decimal(10) ** 12
FIRST_YEAR, LAST_YEAR = 1900, 2199
_INTEGER_LIMIT = 2**63
_SMALLEST_NORMAL = 2.2250738585072014e-308
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(\S*)", re.ASCII)
_MIDNIGHT = re.compile(r"00:00(?::00(?:\.0+)?)?")
_NO_OFFSET = re.compile(r"|Z|[+-]00:?00")
_FLAGS = {"true": True, "t": True, "yes": True, "y": True, "1": True,
          "false": False, "f": False, "no": False, "n": False, "0": False}  # fmt: skip


@dataclass(frozen=True)
class CellFormat:
    """How a file writes its cells; `members` are the allowed values of a text column."""

    date_format: str | None = None
    decimal: str = "."
    thousands: str | None = None
    currency: str = "USD"
    members: tuple[str, ...] = ()


class Refused(Exception):  # noqa: N818 - a verdict on a cell, not an error of ours
    """A cell that cannot be read exactly: the rule it breaks, and what to do."""

    def __init__(self, rule: str, says: str, remedy: str) -> None:
        super().__init__(says)
        self.rule = rule
        self.says = says
        self.remedy = remedy


def is_empty(text: str) -> bool:
    """Empty, blank or the word NULL: the value is not known."""
    return text == "NULL" or not text.strip()


def read_cell(kind: Kind, text: str, how: CellFormat) -> Any:
    """The value of a cell, None when not known; Refused when it cannot be read exactly."""
    if is_empty(text):
        return None
    return _READERS[kind](text, how)


def is_rounded(text: str, how: CellFormat) -> bool:
    """Whether a readable money cell has decimals beyond the sixth that are lost."""
    return not is_empty(text) and _exact_money(text, how) != read_money(text, how)


def read_text(text: str, how: CellFormat) -> str:
    """The text itself; for a column of members, the member it stands for.

    Case is folded, and spaces for underscores. Other text is left for the contract.
    """
    if not how.members:
        return text
    folded = {_fold(member): member for member in how.members}
    return folded.get(_fold(text), text)


def read_integer(text: str, how: CellFormat) -> int:
    plain = _without_separators(text, CellFormat(thousands=how.thousands, decimal="\n"))
    if plain is None or not re.fullmatch(r"-?[0-9]+", plain):
        raise Refused(
            "not_an_integer",
            "A whole number is written with digits only, such as 1200.",
            _number_remedy(text, how),
        )
    value = int(plain) if len(plain) < 25 else _INTEGER_LIMIT
    if not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise Refused("too_large", "A whole number has at most 18 digits.", "Correct the cell.")
    return value


def read_number(text: str, how: CellFormat) -> float:
    plain = _without_separators(text, how)
    pattern = r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    if plain is None or not re.fullmatch(pattern, plain):
        raise Refused(
            "not_a_number",
            "A number is written with digits, such as 12.5.",
            _number_remedy(text, how),
        )
    value = float(plain)
    is_lost = abs(value) < _SMALLEST_NORMAL and re.search("[1-9]", re.split("[eE]", plain)[0])
    if math.isinf(value) or is_lost:
        raise Refused(
            "too_large", "The number lies beyond what a double can hold.", "Correct the cell."
        )
    return value


def read_money(text: str, how: CellFormat) -> Decimal:
    """An amount in the warehouse's currency, to 6 decimals, further ones rounded half even."""
    exact = _exact_money(text, how)
    if abs(exact) < MONEY_LIMIT:
        value = exact.quantize(SMALLEST_UNIT, ROUND_HALF_EVEN)
        if abs(value) < MONEY_LIMIT:
            return value
    raise Refused("too_large", "An amount is below 1,000,000,000,000.", "Correct the cell.")


def _exact_money(text: str, how: CellFormat) -> Decimal:
    if (other := other_currency(text, how.currency)) is not None:
        raise Refused(
            "other_currency",
            f"The cell is in {other}; this warehouse keeps {how.currency}.",
            "Amounts are never converted: convert them before, or set [policy] currency.",
        )
    plain = _without_separators(without_own_sign(text, how.currency), how)
    if plain is None or not re.fullmatch(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", plain):
        raise Refused(
            "not_money",
            "An amount is written with digits, such as 1234.50.",
            _number_remedy(text, how),
        )
    if len(plain) > 1000:
        raise Refused("too_large", "An amount is below 1,000,000,000,000.", "Correct the cell.")
    return Decimal(plain)


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
        "A date is written 2026-03-04." + _strange(text),
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
        f"A date of this file is written {date_format}." + _strange(text),
        "Correct the cell, or date_format in revops.toml.",
    )


def read_flag(text: str, how: CellFormat) -> bool:
    value = _FLAGS.get(text.lower()) if text.isascii() else None
    if value is None:
        raise Refused(
            "not_a_flag",
            "A flag is true or false, yes or no, 1 or 0." + _strange(text),
            "Correct the cell, or map it under [files.<dataset>.values.<column>].",
        )
    return value


def _without_separators(text: str, how: CellFormat) -> str | None:
    """The number with "." for its decimals and no thousands; None when they stand wrongly."""
    whole, point, rest = text.partition(how.decimal)
    if point and how.decimal in rest:
        return None
    if how.thousands and how.thousands in whole:
        first, *groups = whole.removeprefix("-").split(how.thousands)
        if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
            return None
        whole = whole.replace(how.thousands, "")
    if how.decimal != "." and "." in whole + rest:
        return None
    return whole + ("." + rest if point else "")


def _number_remedy(text: str, how: CellFormat) -> str:
    if strange := _strange(text):
        return f"Type the number again:{strange}"
    if "," in text and "," not in (how.thousands, how.decimal):
        return 'Name the separators in revops.toml: thousands = "," or decimal = ",".'
    return "Correct the cell, or empty it where the value is not known."


def _strange(text: str) -> str:
    """The characters that only look plain, spelt out, with a space before."""
    shown = describe_foreign_characters(text[:40])
    return f" It holds {shown}." if shown else ""


def _fold(text: str) -> str:
    return text.lower().replace(" ", "_")


_READERS: dict[Kind, Any] = {
    "text": read_text, "integer": read_integer, "number": read_number,
    "money": read_money, "date": read_date, "flag": read_flag,
}  # fmt: skip
