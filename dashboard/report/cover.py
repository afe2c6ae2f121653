"""The cover: what is looked at, how sound it is, and the headline figures of each domain."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.card_html import ARROWS
from dashboard.cards import Card
from dashboard.report.stamp import Stamp
from dashboard.sparkline import sparkline

LONGEST_LARGE = 8


def cover(stamp: Stamp, headlines: Sequence[tuple[str, Sequence[Card]]]) -> Markup:
    """The first page; `headlines` are a domain's name and its cards."""
    facts = [f"Data as of {stamp.as_of}", stamp.books, stamp.withheld, stamp.history]
    domains = [
        Markup('<section class="domain"><h2>{}</h2><div class="tiles">{}</div></section>').format(
            name, Markup().join(_tile(card) for card in cards)
        )
        for name, cards in headlines
        if cards
    ]
    return Markup(
        '<section class="cover"><p class="kicker">Board pack</p><h1>{}</h1>'
        '<p class="versus">{} · {}</p><div class="facts">{}</div>{}</section>'
    ).format(
        stamp.period[:1].upper() + stamp.period[1:],
        stamp.subject,
        stamp.comparison,
        Markup().join(Markup("<span>{}</span>").format(fact) for fact in facts if fact),
        Markup().join(domains),
    )


def _tile(card: Card) -> Markup:
    return Markup(
        '<div class="tile" data-figure="{}.{}"><span class="label">{}</span>'
        '<span class="value{}">{}</span>{}<span class="foot">{}</span>{}{}{}</div>'
    ).format(
        card.domain,
        card.metric,
        card.label,
        " long" if len(card.value) > LONGEST_LARGE else "",
        card.value,
        _line("foot", card.interval and f"95 %: {card.interval}"),
        change(card),
        _line("badge", card.badge),
        _line("foot", card.mark[:1].upper() + card.mark[1:]),
        sparkline(card.trend),
    )


def change(card: Card) -> Markup:
    """How the figure moved, or why that or the figure itself is not known."""
    if card.reason or card.why_not_compared:
        return Markup("{}").format(card.reason or card.why_not_compared.capitalize())
    if card.change.direction == "unknown":
        return Markup()
    tone = {True: "good", False: "bad", None: "even"}[card.change.is_good]
    arrow = ARROWS[card.change.direction]
    return Markup('<span class="change {}">{} {}</span> {}').format(
        tone, arrow, card.change.text, card.before
    )


def _line(kind: str, words: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(kind, words) if words else Markup()
