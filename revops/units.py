"""Numbers and dates as people read them; None is "—", never 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from revops.periods import add_months

UNKNOWN = "—"
MINUS = "−"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"}
TENTH = Decimal("0.1")
SCALES = ((3, "K"), (6, "M"), (9, "B"), (12, "T"))

# "points" is how far two shares are apart, "growth" a move relative to where it began
Unit = Literal[
    "money",
    "count",
    "ratio",
    "points",
    "growth",
    "days",
    "months",
    "multiple",
    "money_per_day",
    "money_per_month",
]
MOVES = {"points": " points", "growth": "%"}
PER = {"money_per_day": "/day", "money_per_month": "/month"}
Number = int | float | Decimal | None


@dataclass(frozen=True)
class Change:
    """A move from a baseline: its text ("+2.4 points", "−12.3%"), way and judgement.

    `is_good` is None when the metric has no better direction or nothing moved.
    """

    text: str
    direction: Literal["up", "down", "flat", "unknown"]
    is_good: bool | None


def format(value: Number, unit: str | None, currency: str = "USD") -> str:
    """A value in its unit, short enough for a card: $1.2M, 24.3%, 1,234, 44.5 days, 3.2×."""
    number = _decimal(value)
    if number is None:
        return UNKNOWN
    sign = MINUS if number < 0 else ""
    size = abs(number)
    if unit == "money":
        text = _money(size, currency)
    elif unit in PER:
        text = f"{_money(size, currency)}{PER[unit]}"
    elif unit == "ratio":
        text = f"{_places(size * 100, 1)}%"
    elif unit in MOVES:
        text, sign = f"{_places(size * 100, 1)}{MOVES[unit]}", sign or "+"
    elif unit in ("days", "months"):
        text = _timespan(size, unit)
    elif unit == "multiple":
        text = f"{_places(size, 1)}×"
    else:
        text = _count(size)
    return sign + text if any(digit in text for digit in "123456789") else text


def exact(value: Number, unit: str | None, currency: str = "USD") -> str:
    """The same value with nothing shortened, for tooltips: $999,950.00, 24.3125%."""
    number = _decimal(value)
    if number is None:
        return UNKNOWN
    sign = MINUS if number < 0 else ""
    size = abs(number)
    if unit == "money" or unit in PER:
        return f"{sign}{_symbol(currency)}{_places(size, 2)}{PER.get(unit, '')}"
    if unit == "ratio":
        return f"{sign}{_places(size * 100, 4)}%"
    if unit in MOVES:
        return f"{sign or '+'}{_places(size * 100, 4)}{MOVES[unit]}"
    if unit in ("days", "months"):
        return sign + _timespan(size, unit)
    if unit == "multiple":
        return f"{sign}{_places(size, 3)}×"
    return sign + (f"{size:,.0f}" if size == size.to_integral_value() else _places(size, 2))


def apart(values: Sequence[Number], currency: str = "USD") -> list[str]:
    """Amounts for one sentence, with as many digits as tell them apart: $1.56M, $1.60M."""
    known = [_decimal(value) for value in values]
    sizes = [abs(one) for one in known if one is not None]
    power, letter = next(
        (scale for scale in reversed(SCALES) if max(sizes, default=Decimal(0)) >= 10 ** scale[0]),
        (0, ""),
    )
    texts = [format(value, "money", currency) for value in values]
    for places in (2, 3, 4):
        if len(set(texts)) >= len(set(known)):
            break
        texts = [
            UNKNOWN
            if one is None
            else (MINUS if one < 0 else "")
            + f"{_symbol(currency)}{_places(abs(one).scaleb(-power), places)}{letter}"
            for one in known
        ]
    return texts


def change(value: Number, baseline: Number, unit: str | None, better: str | None = None) -> Change:
    """How a value moved: ratios in percentage points, everything else relative to the baseline."""
    now, then = _decimal(value), _decimal(baseline)
    if now is None or then is None or (then == 0 and unit != "ratio"):
        return Change(UNKNOWN, "unknown", None)
    moved = now - then
    size = abs(moved) * 100 if unit == "ratio" else abs(moved / then) * 100
    digits = _places(size, 1)
    if digits == "0.0":
        return Change("no change", "flat", None)
    text = f"{digits} points" if unit == "ratio" else f"{digits}%"
    is_up = moved > 0
    good = None if better not in ("higher", "lower") else is_up == (better == "higher")
    return Change(("+" if is_up else MINUS) + text, "up" if is_up else "down", good)


def day(value: date | None) -> str:
    """31 Oct 2026."""
    if value is None:
        return UNKNOWN
    return f"{value.day} {value:%b} {value.year}"


def month(value: date | None) -> str:
    """Oct 2026."""
    return UNKNOWN if value is None else f"{value:%b} {value.year}"


def moment(value: datetime | None) -> str:
    """31 Oct 2026, 14:05."""
    return UNKNOWN if value is None else f"{day(value)}, {value:%H:%M}"


def window(first: date | None, last: date | None) -> str:
    """Inclusive dates in words: Jan–Mar 2026, 3–17 Mar 2026, from 1 Mar 2026, all dates."""
    if first is None and last is None:
        return "all dates"
    if first is None:
        return f"until {day(last)}"
    if last is None:
        return f"from {day(first)}"
    if first.day == 1 and add_months(last.replace(day=1), 1).toordinal() == last.toordinal() + 1:
        return _months(first, last)
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%b}–{day(last)}"
    return f"{day(first)}–{day(last)}"


def _months(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first:%b} {first.year}–{last:%b} {last.year}"
    if (first.month, last.month) == (1, 12):
        return str(first.year)
    if first.month == last.month:
        return f"{first:%b} {first.year}"
    return f"{first:%b}–{last:%b} {first.year}"


def _decimal(value: Number) -> Decimal | None:
    if value is None:
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return number if number.is_finite() else None


def _places(size: Decimal, places: int) -> str:
    return f"{size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency, f"{currency} ")


def _money(size: Decimal, currency: str) -> str:
    return _symbol(currency) + _short(size, cents=True)


def _count(size: Decimal) -> str:
    if size < 100_000:
        return _places(size, 0 if size == size.to_integral_value() else 1)
    return _short(size, cents=False)


def _short(size: Decimal, *, cents: bool) -> str:
    """Scale by what will be *shown*: 999,950 is 1.0M, not 1000.0K."""
    if cents and size and size.quantize(Decimal("0.01"), ROUND_HALF_UP) < 100:
        return _places(size, 2)
    if size.quantize(Decimal(1), ROUND_HALF_UP) < 1000:
        return _places(size, 0)
    scaled = [(size.scaleb(-power).quantize(TENTH, ROUND_HALF_UP), name) for power, name in SCALES]
    shown, letter = next((pair for pair in scaled if pair[0] < 1000), scaled[-1])
    return f"{shown:,}{letter}"


def _timespan(size: Decimal, unit: str) -> str:
    digits = _places(size, 0 if size == size.to_integral_value() else 1)
    return f"{digits} {unit.removesuffix('s') if digits == '1' else unit}"
