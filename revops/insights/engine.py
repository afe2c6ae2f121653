"""Runs the rules, or whatever else provides insights."""

import inspect
import os
from collections.abc import Callable, Sequence
from typing import Protocol

from revops.errors import RevopsError
from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import no_data
from revops.insights.model import SEVERITIES, STATUSES, Insight
from revops.insights.rules import RULES
from revops.insights.thresholds import Thresholds, load
from revops.warehouse import Warehouse

Rule = Callable[[Context], Insight]


class Provider(Protocol):
    """A source of insights: the rules below, or a service that returns the same objects."""

    def insights(self, warehouse: Warehouse, filters: Filters) -> list[Insight]:
        """What is worth saying about this build under these filters."""


class RuleEngine:
    """The default provider: every rule says one thing, be it "in order" or "no data"."""

    def __init__(self, rules: Sequence[Rule] = RULES, thresholds: Thresholds | None = None) -> None:
        self._rules = rules
        self._thresholds = thresholds or load()

    def insights(self, warehouse: Warehouse, filters: Filters) -> list[Insight]:
        """One insight per rule, the most pressing first."""
        found = [self._evaluate(rule, warehouse, filters) for rule in self._rules]
        return sorted(found, key=_urgency)

    def _evaluate(self, rule: Rule, warehouse: Warehouse, filters: Filters) -> Insight:
        thresholds = self._thresholds.get(rule.__name__, {})
        try:
            return rule(Context(warehouse, filters, thresholds))
        except RevopsError as error:
            # One question this warehouse cannot answer leaves the others standing.
            return no_data(
                rule, f"This build cannot answer the question: {error.what.splitlines()[0]}"
            )


def run(
    source: Warehouse | str | os.PathLike[str],
    filters: Filters | None = None,
    provider: Provider | None = None,
) -> list[Insight]:
    """The insights of a build, given open or as the path of its file; most pressing first."""
    chosen = provider or RuleEngine()
    if isinstance(source, Warehouse):
        return chosen.insights(source, filters or Filters())
    with Warehouse(source) as warehouse:
        return chosen.insights(warehouse, filters or Filters())


def describe_rules(rules: Sequence[Rule] = RULES) -> dict[str, str]:
    """Each rule's name and its whole docstring: what it asks, why it matters, what to do."""
    return {rule.__name__: inspect.getdoc(rule) or "" for rule in rules}


def _urgency(insight: Insight) -> tuple[int, int, float, str]:
    return (
        SEVERITIES.index(insight.severity),
        STATUSES.index(insight.status),
        -(insight.confidence or 0.0),
        insight.rule,
    )
