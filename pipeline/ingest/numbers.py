"""Whole numbers, numbers and amounts, read digit by digit."""

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal

from pipeline.ingest.cell_format import CellFormat, Refused, strange
from pipeline.ingest.currency import other_currency, without_own_sign

SMALLEST_UNIT = Decimal("0.000001")
MONEY_LIMIT = Decimal(10) ** 12
_INTEGER_LIMIT = 2**63
_SMALLEST_NORMAL = 2.2250738585072014e-308


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
    if shown := strange(text):
        return f"Type the number again:{shown}"
    if "," in text and "," not in (how.thousands, how.decimal):
        return 'Name the separators in revops.toml: thousands = "," or decimal = ",".'
    if not any(char.isdigit() for char in text):
        return (
            "Empty the cell if the value is not known, or map the word: "
            f'[files.<dataset>.values.<column>] "{text[:20]}" = "".'
        )
    return "Correct the cell, or empty it where the value is not known."


def is_rounded(text: str, how: CellFormat) -> bool:
    """Whether a readable money cell has decimals beyond the sixth that are lost."""
    return _exact_money(text, how) != read_money(text, how)
