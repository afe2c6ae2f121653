"""The insights of a build as the rows that it stores before it is published."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any

import duckdb

from revops.insights.engine import RuleEngine, run
from revops.insights.model import Driver, Evidence, Insight
from revops.insights.question import OnFailure
from revops.unpublished import UnpublishedWarehouse

Row = list[Any]


def rows(connection: duckdb.DuckDBPyConnection, on_failure: OnFailure | None = None) -> list[Row]:
    """What the rules say of the build that `connection` makes, the most pressing first.

    Always the rules themselves, over all data: a build asks no service, so that the same
    inputs give the same rows. `on_failure` hears of each rule that failed.
    """
    engine = RuleEngine(on_failure=on_failure)
    with UnpublishedWarehouse(connection) as warehouse:
        return [row(place, one) for place, one in enumerate(run(warehouse, None, engine), 1)]


def row(position: int, insight: Insight) -> Row:
    """One row of `meta.insights`: the first evidence in columns, all of it as a list."""
    main = insight.evidence[0] if insight.evidence else None
    return [
        position,
        insight.rule,
        insight.category,
        insight.status,
        insight.severity,
        insight.headline,
        insight.why,
        list(insight.actions),
        insight.confidence,
        *(_columns(main, insight) if main else [None] * (len(EVIDENCE) + 1)),
        [_driver(one) for one in insight.drivers],
        [_evidence(one) for one in insight.evidence],
        insight.scope.to_query(),
    ]


EVIDENCE = (
    "metric",
    "label",
    "value",
    "unit",
    "baseline",
    "baseline_label",
    "n",
    "interval_low",
    "interval_high",
    "p_value",
    "adjusted_p",
    "effect",
    "effect_low",
    "effect_high",
    "effect_is_relative",
    "sql",
)


def _columns(main: Evidence, insight: Insight) -> Row:
    *values, sql = _evidence(main).values()
    return [*values, insight.impact_per_month, sql]


def _evidence(one: Evidence) -> dict[str, Any]:
    interval, effect = one.interval, one.effect
    around = effect.interval if effect else None
    values = {
        **{field.name: getattr(one, field.name) for field in fields(one)},
        "interval_low": interval.low if interval else None,
        "interval_high": interval.high if interval else None,
        "effect": effect.value if effect else None,
        "effect_low": around.low if around else None,
        "effect_high": around.high if around else None,
        "effect_is_relative": effect.is_relative if effect else None,
    }
    return {name: values[name] for name in EVIDENCE}


def _driver(one: Driver) -> dict[str, Any]:
    names: Sequence[str] = [field.name for field in fields(one)]
    return dict(zip(names, astuple(one), strict=True))
