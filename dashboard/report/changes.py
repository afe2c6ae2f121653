"""What changed most: the insights, most pressing first, and what was looked at besides."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.insight_cards import MARKS, WORDS
from revops import units
from revops.insights import Driver, Insight
from revops.insights.rendering import evidence_line

MOST_NEWS = 6
MOST_DRIVERS = 4


def changes(found: Sequence[Insight], currency: str) -> Markup:
    """The news as cards, then what is in order or not known as lines."""
    news = [one for one in found if one.is_news]
    rest = [one for one in found if not one.is_news]
    quiet = Markup('<div class="quiet"><b>Nothing significant</b><span>{}</span></div>').format(
        f"{len(found)} questions were asked; no answer stands out beyond chance."
    )
    cards = Markup().join(_card(one, currency) for one in news[:MOST_NEWS])
    lines = Markup().join(_line(one) for one in [*news[MOST_NEWS:], *rest])
    return Markup('{}<h3 class="asked">Also looked at</h3><ul class="asked">{}</ul>').format(
        Markup('<div class="news">{}</div>').format(cards) if news else quiet, lines
    )


def _card(one: Insight, currency: str) -> Markup:
    evidence = [
        Markup("<li>{}</li>").format(evidence_line(proof, currency)) for proof in one.evidence
    ]
    actions = [Markup("<li>{}</li>").format(_sentence(action)) for action in one.actions]
    return Markup(
        '<article class="insight {}"><p class="of"><b>{} {}</b><span>{}</span></p><h3>{}</h3>'
        '<ul class="evidence">{}</ul>{}<p class="why">{}</p><ul class="do">{}</ul></article>'
    ).format(
        one.severity,
        MARKS[one.severity],
        WORDS[one.severity],
        one.category.capitalize(),
        one.headline,
        Markup().join(evidence),
        _drivers(one.drivers[:MOST_DRIVERS], currency),
        _sentence(one.why),
        Markup().join(actions),
    )


def _drivers(drivers: Sequence[Driver], currency: str) -> Markup:
    if not drivers:
        return Markup()
    largest = max(abs(driver.value) for driver in drivers) or 1
    line = Markup('<li><span>{}</span><i><em style="width:{}"></em></i><b>{}</b></li>')
    lines = [
        line.format(
            driver.label,
            f"{abs(driver.value) / largest:.0%}",
            units.format(driver.value, driver.unit, currency),
        )
        for driver in drivers
    ]
    return Markup('<ul class="drivers">{}</ul>').format(Markup().join(lines))


def _line(one: Insight) -> Markup:
    state = "Not known" if one.status == "no data" else WORDS[one.severity]
    return Markup("<li><b>{}</b> <span>{}</span> {}</li>").format(
        state, one.category.capitalize(), one.headline
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
