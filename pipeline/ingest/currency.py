"""Signs and codes of money: one currency per warehouse, others are never converted."""

import re

_SIGNS: dict[str, tuple[str, ...]] = {
    "USD": ("US$", "$"), "CAD": ("CA$", "C$", "$"), "AUD": ("AU$", "A$", "$"),
    "NZD": ("NZ$", "$"), "SGD": ("S$", "$"), "HKD": ("HK$", "$"), "MXN": ("MX$", "$"),
    "BRL": ("R$",), "EUR": ("€",), "GBP": ("£",), "JPY": ("JP¥", "¥"), "CNY": ("CN¥", "¥"),
    "INR": ("₹", "Rs."), "KRW": ("₩",), "ILS": ("₪",), "TRY": ("₺",), "UAH": ("₴",),
    "RUB": ("₽",), "NGN": ("₦",), "VND": ("₫",), "PHP": ("₱",), "THB": ("฿",),
    "CHF": ("Fr.",), "SEK": ("kr",), "NOK": ("kr",), "DKK": ("kr",), "PLN": ("zł",),
    "CZK": ("Kč",), "HUF": ("Ft",), "ZAR": ("R",),
}  # fmt: skip
_ALL_SIGNS = sorted({sign for signs in _SIGNS.values() for sign in signs}, key=len, reverse=True)
_BODY = r"[0-9](?:[0-9.,' \u00a0\u202f\u2009\u2019_]*[0-9.])?|\.[0-9]+"
_CODE = re.compile(rf"(?:(-?)([A-Z]{{3}}) ?(-?)({_BODY}))|(?:(-?)({_BODY}) ?([A-Z]{{3}}))")
_SIGN = re.compile(
    rf"(?:(-?)({'|'.join(map(re.escape, _ALL_SIGNS))}) ?(-?)({_BODY}))"
    rf"|(?:(-?)({_BODY}) ?({'|'.join(map(re.escape, _ALL_SIGNS))}))"
)


def without_own_sign(text: str, currency: str) -> str:
    """The amount without the sign or code of `currency`, before or after it.

    >>> without_own_sign("-$1,234.50", "USD"), without_own_sign("9.5 EUR", "EUR")
    ('-1,234.50', '9.5')
    """
    found, amount = _split(text)
    return amount if found is not None and found in _own(currency) else text


def other_currency(text: str, currency: str) -> str | None:
    """The sign or code of another currency in the cell, None when there is none."""
    found, _ = _split(text)
    return None if found is None or found in _own(currency) else found


def _own(currency: str) -> tuple[str, ...]:
    return (currency, *_SIGNS.get(currency, ()))


def _split(text: str) -> tuple[str | None, str]:
    match = _SIGN.fullmatch(text) or _CODE.fullmatch(text)
    if match is None:
        return None, text
    before, leading, inner, amount, minus, trailing_amount, trailing = match.groups()
    if leading is not None:
        return leading, (before or inner) + amount if not (before and inner) else text
    return trailing, minus + trailing_amount
