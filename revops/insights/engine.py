"""Runs the rules, or whatever else provides insights."""

import inspect
import logging
import os
from collections.abc import Sequence
from itertools import islice
from typing import Protocol

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.intervals import adjusted as adjust
from revops.insights.model import SEVERITIES, STATUSES, Insight
from revops.insights.question import OnFailure, Question, Rule
from revops.insights.rules import RULES
from revops.insights.thresholds import EVERY_RULE, Thresholds, load
from revops.warehouse import Warehouse

LOG = logging.getLogger(__name__)


class Provider(Protocol):
    """A source of insights: the rules below, or a service that returns the same objects."""

    def insights(self, warehouse: Warehouse, filters: Filters) -> list[Insight]:
        """What is worth saying about this build under these filters."""


class RuleEngine:
    """The default provider: every rule says one thing, be it "in order" or "no data".

    The tests of all rules count together: each rule first makes its tests, then judges by
    what they are worth among all the others of the run. A rule that fails says so in its own
    insight; `on_failure` hears of it, and logs it unless something else is wanted.
    """

    def __init__(
        self,
        rules: Sequence[Rule] = RULES,
        thresholds: Thresholds | None = None,
        on_failure: OnFailure | None = None,
    ) -> None:
        self._rules = rules
        self._thresholds = thresholds or load()
        self._on_failure = on_failure or _log

    def insights(self, warehouse: Warehouse, filters: Filters) -> list[Insight]:
        """One insight per rule, the most pressing first."""
        asked = [self._ask(rule, warehouse, filters) for rule in self._rules]
        adjusted = iter(adjust([p for one in asked for p in one.p_values]))
        found = [one.judged(list(islice(adjusted, len(one.p_values)))) for one in asked]
        return sorted(found, key=_urgency)

    def _ask(self, rule: Rule, warehouse: Warehouse, filters: Filters) -> Question:
        thresholds = {
            **self._thresholds.get(EVERY_RULE, {}),
            **self._thresholds.get(rule.__name__, {}),
        }
        return Question(rule, Context(warehouse, filters, thresholds), self._on_failure)


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


def _log(rule: Rule, error: Exception) -> None:
    LOG.error("rule %s failed", rule.__name__, exc_info=error)


def _urgency(insight: Insight) -> tuple[int, float, int, float, str]:
    return (
        SEVERITIES.index(insight.severity),
        -(insight.impact_per_month or 0.0),
        STATUSES.index(insight.status),
        -(insight.confidence or 0.0),
        insight.rule,
    )
