"""Every KPI of the catalogue for the filters in force, with its definition, parts and policies."""

from collections.abc import Mapping
from typing import Any

from dashboard.cards import Card
from dashboard.desk import Desk
from dashboard.domain_cards import domain_cards
from dashboard.proof_facts import WINDOWS
from dashboard.report.model import Figure
from revops import evidence, metrics, units

HEADLINES = {
    "revenue": ("mrr", "arr", "nrr", "grr", "logo_churn", "quick_ratio"),
    "pipeline": (
        "open_pipeline",
        "weighted_pipeline",
        "won_amount",
        "win_rate",
        "sales_cycle_median_days",
        "velocity_per_day",
    ),
    "marketing": ("spend", "leads", "cpl", "media_cac", "closed_won", "roi"),
}


def figures(desk: Desk, domain: str) -> list[Figure]:
    """The metrics of a domain in the catalogue's order."""
    made = domain_cards(desk, domain, "month")
    catalogue = metrics.catalogue(desk.warehouse, domain)
    by_name = {row["metric"]: row for row in catalogue.iter_rows(named=True)}
    sql = metrics.sql(desk.warehouse, domain, desk.filters)
    return [
        Figure(
            card=card,
            benchmark=str(made.benchmarks.get((domain, card.metric), "")),
            metric=by_name[card.metric],
            value=made.now[card.metric],
            before=made.before.get(card.metric) if made.before and card.before else None,
            parts=_parts(by_name, by_name[card.metric], made.now, desk.currency),
            window=WINDOWS.get(by_name[card.metric]["time_window"], ""),
            policies=_policies(desk, domain, card.metric),
            sql=sql,
        )
        for card in made.cards
    ]


def headline(made: list[Figure], domain: str) -> list[Card]:
    """The cards of the cover, in their order."""
    by_name = {figure.card.metric: figure.card for figure in made}
    return [by_name[name] for name in HEADLINES.get(domain, ()) if name in by_name]


def _parts(
    by_name: Mapping[str, Any], metric: Mapping[str, Any], now: Mapping[str, Any], currency: str
) -> tuple[str, ...]:
    """Numerator and denominator in words, where the metric has them."""
    names = [metric[role] for role in ("numerator", "denominator")]
    return tuple(
        f"{by_name[name]['label']} {units.exact(now[name], by_name[name]['unit'], currency)}"
        for name in names
        if name in by_name and name in now
    )


def _policies(desk: Desk, domain: str, metric: str) -> tuple[str, ...]:
    touching = evidence.policies(desk.warehouse, domain, metric)
    return tuple(f"{policy} = {choice}" for policy, _, choice in touching.iter_rows())
