"""KPI cards as HTML: the headline metrics large with their line, every other one compact."""

from collections.abc import Sequence
from math import ceil

from markupsafe import Markup

from dashboard.cards import Card
from dashboard.html_view import joined
from dashboard.sparkline import sparkline

ARROWS = {"up": "▲", "down": "▼", "flat": "●", "unknown": ""}
MOST_IN_A_ROW = 8


def render_cards(made: Sequence[Card], headline: Sequence[str], note: str = "") -> Markup:
    """The cards as HTML: the headline metrics large, in the order given, the others compact."""
    by_name = {card.metric: card for card in made}
    large = [by_name[name] for name in headline if name in by_name]
    rest = [card for card in made if card.metric not in headline]
    row = Markup('<div class="kpis">{}</div>').format(joined([_large(card) for card in large]))
    return Markup("{}{}{}").format(
        row if large else "",
        _compact_grid(rest) if rest else "",
        Markup('<p class="kpi-note">{}</p>').format(note) if note else "",
    )


def _compact_grid(rest: Sequence[Card]) -> Markup:
    """Compact cards in rows of even length, at most eight to a row."""
    rows = ceil(len(rest) / MOST_IN_A_ROW)
    return Markup('<div class="kpis compact" style="--columns:{}">{}</div>').format(
        ceil(len(rest) / rows), joined([_compact(card) for card in rest])
    )


def _large(card: Card) -> Markup:
    return Markup(
        '<button class="kpi" type="button" data-action="metric:{domain}.{metric}" title="{title}">'
        '<span class="kpi-label">{label}{badge}</span>'
        '{value}<span class="kpi-foot">{foot}</span>{mark}{spark}</button>'
    ).format(
        domain=card.domain,
        metric=card.metric,
        title=_title(card),
        label=card.label,
        badge=_badge(card),
        value=_value(card),
        foot=_foot(card),
        mark=_mark(card),
        spark=sparkline(card.trend),
    )


def _compact(card: Card) -> Markup:
    return Markup(
        '<button class="kpi small" type="button" data-action="metric:{domain}.{metric}" '
        'title="{title}"><span class="kpi-label">{label}{badge}</span>'
        '<span class="kpi-line">{value}<span class="kpi-foot">{foot}</span></span>{mark}</button>'
    ).format(
        domain=card.domain,
        metric=card.metric,
        title=_title(card),
        label=card.label,
        badge=_badge(card),
        value=_value(card),
        foot=_short_foot(card),
        mark=_mark(card),
    )


def _value(card: Card) -> Markup:
    return Markup('<span class="kpi-number"><span class="kpi-value{}">{}</span>{}</span>').format(
        " is-unknown" if card.reason else "", card.value, _interval(card)
    )


def _interval(card: Card) -> Markup:
    if not card.interval:
        return Markup()
    return Markup('<span class="kpi-interval">{}</span>').format(card.interval)


def _mark(card: Card) -> Markup:
    if not card.mark:
        return Markup()
    return Markup('<span class="kpi-mark">{}</span>').format(card.mark)


def _title(card: Card) -> str:
    within = f" (95 % interval {card.interval})" if card.interval else ""
    known = card.reason or f"{card.exact}{within}. {card.why_not_compared}".strip()
    return f"{card.label}: {known} Click for the definition and the SQL."


def _badge(card: Card) -> Markup:
    return Markup('<span class="badge">{}</span>').format(card.badge) if card.badge else Markup()


def _foot(card: Card) -> Markup:
    if card.reason:
        return Markup('<span class="why">{}</span>').format(card.reason)
    if card.why_not_compared:
        return Markup('<span class="why">{}</span>').format(card.why_not_compared)
    if card.change.direction == "unknown":
        return Markup()
    return _move(card)


def _short_foot(card: Card) -> Markup:
    if card.reason:
        return Markup('<span class="why">{}</span>').format(card.reason)
    return _move(card) if card.change.direction != "unknown" else Markup()


def _move(card: Card) -> Markup:
    """The move and what from; a click on it asks why, as a button in the number's proof does."""
    why = Markup(' data-action="why:{}.{}"').format(card.domain, card.metric)
    return Markup(
        '<span class="change {}"{}><span aria-hidden="true">{}</span> {}</span>'
        '<span class="before">{}</span>'
    ).format(
        {True: "good", False: "bad", None: "even"}[card.change.is_good],
        why if card.can_be_explained else "",
        ARROWS[card.change.direction],
        card.change.text,
        card.before,
    )
