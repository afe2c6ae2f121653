"""How a rule puts its finding together: category, reasons and actions come from its docstring.

A rule's docstring has three parts: what it asks, a line "Why: …" and a line "Do: …". The
module it stands in names its `CATEGORY`.
"""

import inspect
import re
from collections.abc import Callable
from typing import Any, cast

from revops.filters import Filters
from revops.insights.confidence import confidence
from revops.insights.model import (
    IMPACT,
    Category,
    Driver,
    Evidence,
    Insight,
    Severity,
    Status,
)
from revops.statements import Statement

Rule = Callable[..., Any]


def finding(
    rule: Rule,
    status: Status,
    headline: str,
    evidence: tuple[Evidence, ...],
    *,
    severity: Severity | None = None,
    drivers: tuple[Driver, ...] = (),
    scope: Filters | None = None,
) -> Insight:
    """An insight of the rule; severity follows the status unless the rule knows better."""
    weight = severity or _severity(status)
    return Insight(
        rule=rule.__name__,
        category=_category(rule),
        status=status,
        severity=weight,
        headline=headline,
        why=part(rule, "Why"),
        evidence=evidence,
        drivers=drivers,
        actions=(part(rule, "Do"),) if weight != "none" else (),
        confidence=confidence(evidence[0]) if evidence and weight != "none" else None,
        scope=scope or Filters(),
    )


def impact(value: float, statement: Statement, label: str = "Impact") -> Evidence:
    """What a finding costs, or would bring, in money per month, with the SQL that says so."""
    return Evidence(IMPACT, label, value, "money_per_month", statement.literal())


def no_data(rule: Rule, reason: str, scope: Filters | None = None) -> Insight:
    """The rule could not know; `reason` says what is missing."""
    return finding(rule, "no data", reason, (), scope=scope)


def part(rule: Rule, label: str) -> str:
    """The text after "Why:" or "Do:" in a rule's docstring, on one line."""
    text = inspect.getdoc(rule) or ""
    found = re.search(rf"^{label}: (.*?)(?:\n\s*\n|^(?:Why|Do): |\Z)", text, re.M | re.S)
    return " ".join(found[1].split()) if found else ""


def known(row: dict[str, Any], *names: str) -> tuple[float, ...] | None:
    """The named values as floats, or None when one of them is not known."""
    values = [row.get(name) for name in names]
    return None if None in values else tuple(float(cast(float, value)) for value in values)


def _category(rule: Rule) -> Category:
    category: Category = inspect.getmodule(rule).CATEGORY  # type: ignore[union-attr]
    return category


def _severity(status: Status) -> Severity:
    if status == "alert":
        return "high"
    return "medium" if status == "watch" else "none"
