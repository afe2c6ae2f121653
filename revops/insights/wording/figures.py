"""The numbers within a text, written so that the same number compares equal.

A number is its digits with what belongs to it: sign, currency, percent, thousands or millions.
"3,201.8 %" is "3201.8%", "−$1.2 million" is "-$1.2M". Numbers in English words count too.
"""

import re
from collections.abc import Iterator

from revops import units
from revops.insights.model import Insight
from revops.insights.rendering import evidence_line

SYMBOLS = "".join(units.SYMBOLS.values())
NUMBER = re.compile(
    rf"(?P<sign>(?<![\w.,%])[-{units.MINUS}])?(?P<symbol>[{SYMBOLS}]\s?)?"
    r"(?P<digits>[0-9](?:[0-9.,]*[0-9])?)"
    r"(?P<scale>\s?%|\s?percent\b|\s?×|x\b|[KMBTkmbt]\b|\s(?:thousand|million|billion|trillion)\b)?"
)
SCALES = {
    "percent": "%",
    "x": "×",
    "thousand": "K",
    "million": "M",
    "billion": "B",
    "trillion": "T",
}
WORDS = re.compile(
    r"\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|halve[ds]?|thirds?|twice|thrice|"
    r"doubl(?:e[ds]?|ing)|tripl(?:e[ds]?|ing)|quadrupl\w+|\w+fold)\b",
    re.IGNORECASE,
)


def figures(text: str) -> set[str]:
    """Every number of a text."""
    found = {_written(match) for match in NUMBER.finditer(text)}
    words = {word.lower() for word in WORDS.findall(NUMBER.sub(" ", text))}
    # digits of other scripts, fractions, superscripts, Roman numerals
    odd = {letter for letter in text if letter.isnumeric() and not letter.isascii()}
    return found | words | odd


def allowed(insight: Insight, currency: str) -> set[str]:
    """Every number that an insight shows, in its texts, its evidence and its drivers."""
    return {figure for text in _texts(insight, currency) for figure in figures(text)}


def unknown(text: str, known: set[str]) -> list[str]:
    """The numbers of a text that are not known; one may be told without its sign or currency."""
    plain = known | {one.lstrip("-") for one in known}
    plain |= {one.lstrip(SYMBOLS) for one in plain}
    return sorted(figures(text) - plain)


def _texts(insight: Insight, currency: str) -> Iterator[str]:
    yield from (insight.headline, insight.why, *insight.actions)
    for evidence in insight.evidence:
        yield evidence_line(evidence, currency)
    for driver in insight.drivers:
        yield f"{driver.label} {units.format(driver.value, driver.unit, currency)}"
        yield units.format(driver.share, "ratio")
    yield units.format(insight.confidence, "ratio")


def _written(match: re.Match[str]) -> str:
    sign = "-" if match["sign"] else ""
    scale = (match["scale"] or "").strip()
    scale = SCALES.get(scale, scale.upper())
    return f"{sign}{(match['symbol'] or '').strip()}{match['digits'].replace(',', '')}{scale}"
