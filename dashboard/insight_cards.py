"""Insights as cards: a headline, the evidence, how sure it is, what to do, and the SQL."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from dashboard.html_view import joined
from dashboard.insight_movement import render_movement
from dashboard.places import DRILLS
from revops import Filters, units
from revops.insights import Driver, Evidence, Insight
from revops.insights.leads import Lead
from revops.insights.rendering import effect_words, p_words
from revops.insights.why import Explanation

MARKS = {"high": "▲▲▲", "medium": "▲▲", "low": "▲", "none": "✓"}
ACRONYMS = frozenset({"cac", "grr", "ltv", "nrr"})
WORDS = {"high": "High", "medium": "Medium", "low": "Low", "none": "In order"}


def render_insights(
    found: Sequence[Insight],
    currency: str,
    leads: Mapping[str, Lead] | None = None,
    moved: Mapping[str, Explanation] | None = None,
) -> Markup:
    """News first as cards; then what is in order or not known, as short lines.

    `leads` and `moved` hold, by rule, the metric behind an insight and what moved it.
    """
    news = [one for one in found if one.is_news]
    rest = [one for one in found if not one.is_news]
    cards = joined(
        [
            _card(one, place, currency, (leads or {}).get(one.rule), (moved or {}).get(one.rule))
            for place, one in enumerate(news)
        ]
    )
    return Markup("{}{}").format(
        Markup('<div class="insights">{}</div>').format(cards) if news else _quiet(len(found)),
        _rest(rest),
    )


def _quiet(asked: int) -> Markup:
    said = (
        "Every question below was asked; no answer stands out beyond chance."
        if asked
        else "No question of this category and severity: choose another."
    )
    return Markup('<div class="quiet"><b>Nothing significant</b><span>{}</span></div>').format(said)


def _rest(rest: Sequence[Insight]) -> Markup:
    if not rest:
        return Markup()
    line = Markup(
        '<li><span class="state {tone}">{state}</span> '
        '<span class="of">{category}</span> {said}</li>'
    )
    lines = [
        line.format(
            tone="unknown" if one.status == "no data" else "fine",
            state="Not known" if one.status == "no data" else "In order",
            category=one.category.capitalize(),
            # what is missing does not say what was asked
            said=f"{_asked(one)}: {one.headline}" if one.status == "no data" else one.headline,
        )
        for one in rest
    ]
    return Markup('<h3 class="asked">Also looked at</h3><ul class="rest">{}</ul>').format(
        joined(lines)
    )


def _asked(one: Insight) -> str:
    """The rule's name as words: "LTV to CAC"."""
    words = (word.upper() if word in ACRONYMS else word for word in one.rule.split("_"))
    return _sentence(" ".join(words))


def _card(
    one: Insight, place: int, currency: str, lead: Lead | None, moved: Explanation | None
) -> Markup:
    return Markup(
        '<article class="insight {severity} {category}">'
        '<div class="top"><span class="severity">'
        '<span aria-hidden="true">{mark}</span> {word}{impact}</span>'
        '<span class="of">{of}</span></div><h3>{headline}</h3>'
        '{scope}<p class="evidence">{evidence}</p>{confidence}{drivers}{moved}'
        '<p class="why">{why}</p>{actions}{ways}{sql}</article>'
    ).format(
        severity=one.severity,
        category=one.category,
        mark=MARKS[one.severity],
        word=WORDS[one.severity],
        impact=_impact(one, currency),
        of=one.category.capitalize(),
        headline=one.headline,
        scope=_scope(one),
        evidence=joined([_evidence(proof, currency) for proof in one.evidence], " · "),
        confidence=_confidence(one.confidence),
        drivers=_drivers(one.drivers, currency),
        moved=render_movement(moved, currency) if moved else "",
        why=_sentence(one.why),
        actions=_actions(one.actions),
        ways=_ways(one, lead, moved is not None),
        sql=_sql(one, place),
    )


def _scope(one: Insight) -> Markup:
    """Of whom and when it speaks: the same rule over another window may say another number."""
    if one.scope == Filters():
        return Markup()
    return Markup('<p class="why">{}</p>').format(one.scope.describe())


def _evidence(proof: Evidence, currency: str) -> Markup:
    words = Markup("<b>{}</b> {}").format(
        proof.label, units.format(proof.value, proof.unit, currency)
    )
    if proof.interval is not None:
        low, high = proof.interval.low, proof.interval.high
        words += Markup(" ({}–{})").format(
            units.format(low, proof.unit, currency), units.format(high, proof.unit, currency)
        )
    if proof.baseline is not None:
        words += Markup(" against {} {}").format(
            proof.baseline_label, units.format(proof.baseline, proof.unit, currency)
        )
    if proof.effect is not None:
        words += Markup(": {}").format(effect_words(proof.effect, proof.unit, currency))
    if proof.n is not None:
        words += Markup(", n = {}").format(f"{proof.n:,}")
    if proof.adjusted_p is not None:
        words += Markup(", p {} among all tests").format(p_words(proof.adjusted_p))
    return words


def _confidence(confidence: float | None) -> Markup:
    if confidence is None:
        return Markup()
    said = units.format(confidence, "ratio").replace(".0%", "%")
    return Markup(
        '<div class="confidence"><span>Confidence</span><i><em style="width:{share}"></em></i>'
        "<b>{said}</b></div>"
    ).format(share=f"{confidence:.0%}", said=said)


def _drivers(drivers: Sequence[Driver], currency: str) -> Markup:
    if not drivers:
        return Markup()
    line = Markup('<li><span>{}</span><i><em style="width:{}"></em></i><b>{}</b></li>')
    shown = drivers[:4]
    largest = max(abs(driver.value) for driver in shown) or 1
    lines = [
        line.format(
            driver.label,
            f"{abs(driver.value) / largest:.0%}",
            units.format(driver.value, driver.unit, currency),
        )
        for driver in shown
    ]
    return Markup('<ul class="drivers" aria-label="Drivers">{}</ul>').format(joined(lines))


def _actions(actions: Sequence[str]) -> Markup:
    if not actions:
        return Markup()
    lines = joined([Markup("<li>{}</li>").format(_sentence(action)) for action in actions])
    return Markup('<div class="do"><h4>Suggested</h4><ul>{}</ul></div>').format(lines)


def _impact(one: Insight, currency: str) -> Markup:
    if one.impact_per_month is None:
        return Markup()
    cost = units.format(one.impact_per_month, "money_per_month", currency)
    return Markup('<b class="impact">{}</b>').format(cost)


def _ways(one: Insight, lead: Lead | None, is_moved: bool) -> Markup:
    """Where the card leads: the rows behind its number, what moved it, and whom it is about."""
    link = Markup('<button class="link" type="button" data-action="{}:{}">{}</button>')
    ways = []
    if one.category == "data":
        ways.append(link.format("shelf", "files", "Show the files"))
    elif lead is not None:
        ways.append(link.format("rows", one.rule, "Show the rows"))
    if is_moved:
        ways.append(link.format("moved", one.rule, "Why did it move?"))
    ways += [
        link.format("drill", f"{kind}:{members[0]}", f"Open {members[0]}")
        for kind, name in DRILLS.items()
        if len(members := one.scope.members().get(name, ())) == 1
    ]
    return Markup('<div class="leads">{}</div>').format(joined(ways)) if ways else Markup()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sql(one: Insight, place: int) -> Markup:
    if not one.sql:
        return Markup()
    return Markup(
        '<details><summary>Show the SQL</summary><div class="proof">'
        '<pre id="sql-{place}">{sql}</pre>'
        '<button class="copy" type="button" data-copy="sql-{place}">Copy</button></div></details>'
    ).format(place=place, sql=one.sql)
