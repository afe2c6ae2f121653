"""What changed most: the insights, most pressing first; and every figure with its change."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.card_html import ARROWS
from dashboard.cards import Card
from dashboard.insight_cards import MARKS, WORDS
from revops import units
from revops.insights import Driver, Insight
from revops.insights.rendering import evidence_line

MOST_NEWS = 6
MOST_DRIVERS = 3


def changes(found: Sequence[Insight], currency: str) -> Markup:
    """The news as cards."""
    news = [one for one in found if one.is_news]
    if not news:
        return Markup('<div class="quiet"><b>Nothing significant</b><span>{}</span></div>').format(
            f"{len(found)} questions were asked; no answer stands out beyond chance."
        )
    cards = Markup().join(_card(one, currency) for one in news[:MOST_NEWS])
    return Markup('<div class="news">{}</div>').format(cards)


def besides(found: Sequence[Insight]) -> Markup:
    """What has no card: further news, what is in order, what is not known."""
    news = [one for one in found if one.is_news]
    rest = [*news[MOST_NEWS:], *(one for one in found if not one.is_news)]
    lines = Markup().join(_line(one) for one in rest)
    return Markup('<ul class="asked">{}</ul>').format(lines) if rest else Markup()


def glance(domains: Sequence[tuple[str, Sequence[Card]]]) -> Markup:
    """Every figure with its change, a column per domain."""
    columns = [
        Markup("<div><h3>{}</h3><ul>{}</ul></div>").format(
            name, Markup().join(_figure(card) for card in cards)
        )
        for name, cards in domains
    ]
    return Markup('<div class="glance">{}</div>').format(Markup().join(columns))


def _figure(card: Card) -> Markup:
    tone = {True: "good", False: "bad", None: "even"}[card.change.is_good]
    is_known = card.change.direction != "unknown"
    moved = f"{ARROWS[card.change.direction]} {card.change.text}" if is_known else ""
    return Markup('<li><span>{}</span><b>{}</b><span class="change {}">{}</span></li>').format(
        card.label, card.value, tone, moved
    )


def _card(one: Insight, currency: str) -> Markup:
    """The headline, what it is worth a month, its first evidence, drivers, and what to do."""
    cost = one.impact_per_month
    return Markup(
        '<article class="insight {}"><p class="of"><b>{} {}</b>{}<span>{}</span></p><h3>{}</h3>'
        '<p class="evidence">{}</p>{}{}</article>'
    ).format(
        one.severity,
        MARKS[one.severity],
        WORDS[one.severity],
        Markup('<span class="money">{}</span>').format(
            units.format(cost, "money_per_month", currency)
        )
        if cost is not None
        else Markup(),
        one.category.capitalize(),
        one.headline,
        evidence_line(one.evidence[0], currency) if one.evidence else "",
        _drivers(one.drivers[:MOST_DRIVERS], currency),
        Markup('<p class="do">{}</p>').format(_sentence(one.actions[0])) if one.actions else "",
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
