"""From an insight to the metric that proves it: whose rows to show, and what moved it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isclose

from revops import metrics
from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.model import Evidence, Insight
from revops.insights.why import Explanation, candidates
from revops.warehouse import Warehouse

# the same number from two statements: sums of doubles differ with the order of their terms
CLOSE = 1e-9


@dataclass(frozen=True)
class Lead:
    """The metric behind an insight, as `domain.metric`, and the filters it speaks of.

    `is_same` says that the metric under these filters is the very number of the evidence; a
    rule that looks at several months together says another than the metric of the last month.
    """

    metric: str
    filters: Filters
    is_same: bool


def lead(warehouse: Warehouse, insight: Insight, page: Filters) -> Lead | None:
    """The metric of the catalogue that the evidence is about; None when there is none.

    One that is the evidence's very number goes first. A step of the funnel, such as
    `mqls_to_sqls`, leads to what it ends with. An insight on how things stand has no window
    of its own: then the page's holds.
    """
    filters = replace(
        insight.scope,
        since=insight.scope.since or page.since,
        until=insight.scope.until or page.until,
    )
    found = [
        Lead(f"{domain}.{name}", filters, _is_same(warehouse, domain, name, filters, evidence))
        for domain, name, evidence in _catalogued(warehouse, insight)
    ]
    return next((one for one in found if one.is_same), found[0] if found else None)


def movement(warehouse: Warehouse, found: Lead, before: Filters | None) -> Explanation | None:
    """What moved the insight's number since `before`, by the best explaining dimension.

    None when nothing moved, there is nothing to compare with, or the number is none that
    falls into exact parts.
    """
    if before is None or not found.is_same:
        return None
    try:
        ranked = candidates(warehouse, found.metric, now=found.filters, before=before)
    except CannotDecompose:
        return None
    return next((one.explanation for one in ranked if one.explanation.change), None)


def _catalogued(warehouse: Warehouse, insight: Insight) -> Iterator[tuple[str, str, Evidence]]:
    known: dict[str, str] = {}
    for domain, name in metrics.catalogue(warehouse).select("domain", "metric").iter_rows():
        # of two domains that know a name, the insight's own
        if name not in known or domain == insight.category:
            known[name] = domain
    for evidence in insight.evidence:
        for name in (evidence.metric, evidence.metric.rpartition("_to_")[2]):
            if name in known:
                yield known[name], name, evidence
                break


def _is_same(
    warehouse: Warehouse, domain: str, name: str, filters: Filters, evidence: Evidence
) -> bool:
    value = metrics.total(warehouse, domain, filters)[name]
    if evidence.metric != name or value is None or evidence.value is None:
        return False
    return isclose(float(value), evidence.value, rel_tol=CLOSE, abs_tol=CLOSE)
