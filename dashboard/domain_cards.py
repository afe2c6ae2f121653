"""The cards of a domain for what a desk looks at: what they rest on, and what they are against."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.benchmarks import Benchmark, benchmarks
from dashboard.cards import BENCHMARK, EARLIER, TARGET, Card, Versus, cards
from dashboard.desk import Desk, badge
from revops import books, metrics, units
from revops.targets import targets


@dataclass(frozen=True)
class DomainCards:
    """Cards, with the values they were made of: `now`, and by metric what it is compared with."""

    cards: tuple[Card, ...]
    now: Mapping[str, Any]
    before: Mapping[str, Any] | None
    benchmarks: Mapping[tuple[str, str], Benchmark]


def domain_cards(desk: Desk, domain: str, grain: str) -> DomainCards:
    """One card per metric of the catalogue; `grain` is the period of their lines."""
    catalogue = metrics.catalogue(desk.warehouse, domain)
    trend = metrics.query(desk.warehouse, domain, desk.filters, by=grain)
    # every split comes with its total row, so one question gives the values and the lines
    now = trend.filter("is_total").row(0, named=True)
    usual = benchmarks(desk.warehouse, desk.filters, desk.currency)
    asked = targets(desk.warehouse, desk.filters)
    before, versus = _compared_with(desk, domain, usual, asked)
    marked = badge(now["filters_not_applied"], desk.filters)
    made = cards(catalogue, now, before, trend, desk.currency, marked, versus)
    units_of = dict(catalogue.select("metric", "unit").iter_rows())
    shown = [
        replace(
            card,
            mark=_mark(desk, card, usual, asked, units_of[card.metric]),
            reason=_reason(desk, card),
        )
        for card in made
    ]
    return DomainCards(tuple(shown), now, before, usual)


def _compared_with(
    desk: Desk,
    domain: str,
    usual: Mapping[tuple[str, str], Benchmark],
    asked: Mapping[tuple[str, str], float],
) -> tuple[Mapping[str, Any] | None, Versus]:
    """One number per metric, and what they are."""
    if desk.state.compare == "target":
        return _of(domain, asked), TARGET
    if desk.state.compare == "benchmark":
        values = {place: one.value for place, one in usual.items()}
        return _of(domain, values), BENCHMARK
    earlier = desk.compared_filters
    total = metrics.total(desk.warehouse, domain, earlier) if earlier else None
    return total, EARLIER


def _of(domain: str, values: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """What is known of one domain, by metric."""
    return {metric: value for (whose, metric), value in values.items() if whose == domain}


def _reason(desk: Desk, card: Card) -> str:
    """Why a card's value is not known; a file of the domain's name that is missing comes first."""
    is_missing = card.reason and card.domain in books.missing(desk.warehouse)
    return f"Not known: {card.domain}.csv was not given" if is_missing else card.reason


def _mark(
    desk: Desk,
    card: Card,
    usual: Mapping[tuple[str, str], Benchmark],
    asked: Mapping[tuple[str, str], float],
    unit: str,
) -> str:
    """The benchmark and the target of a card, unless it is compared with just that."""
    place, compare, said = (card.domain, card.metric), desk.state.compare, []
    if place in usual and compare != "benchmark":
        said.append(f"benchmark {usual[place].target}")
    if place in asked and compare != "target":
        said.append(f"target {units.format(asked[place], unit, desk.currency)}")
    return " · ".join(said)
