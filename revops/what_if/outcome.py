"""A scenario's outcome: each metric before and after, and what each lever does to it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from revops import macros, metrics, units
from revops.insights.why import words
from revops.statements import Statement, call
from revops.warehouse import Warehouse
from revops.what_if.draws import draws
from revops.what_if.scenario import LEVERS, Scenario

LOW, HIGH = 0.1, 0.9
HEADLINE = "mrr"
# below this share of a value a difference is what rounding left
NOISE = 1e-9
ASSUMPTIONS = (
    "It looks back: what the window would have come to, not what comes next.",
    "Win rate: more of the deals decided are won, never more than all. New MRR follows won deals.",
    "Sales cycle: the same open deals are worked through faster, so that deals decided, won "
    "amounts and new MRR grow as the cycle shrinks.",
    "Churn: the MRR of lost customers; contraction and expansion stay as they were.",
    "Ad spend: leads and deals of channels with spend grow by “leads by spend” of what spend "
    "grows by: at 100 % in proportion, less where a channel is near saturation.",
    "Price: what new deals and new customers pay; nobody is lost for it, and customers already "
    "there pay as before.",
    "What is gained or kept stays to the window's end.",
    "Ranges: 8 in 10 draws of win rate, churn and mean won amount, which few cases leave open.",
)


@dataclass(frozen=True)
class Effect:
    """What one lever adds to a metric, with the range of 8 in 10 draws."""

    lever: str
    label: str
    change: float
    low: float
    high: float

    def reach(self, begin: float) -> tuple[float, float]:
        """Between which levels the effect ends when it begins at this one."""
        return begin + self.low, begin + self.high


@dataclass(frozen=True)
class Result:
    """One metric: as it was, as it would have been, and the effects that add up between them.

    `low` and `high` bound `after` in 8 of 10 draws. None is not known.
    """

    metric: str
    label: str
    unit: str
    better: str | None
    before: float | None
    after: float | None
    low: float | None
    high: float | None
    effects: tuple[Effect, ...]

    @property
    def path(self) -> tuple[tuple[float, float], ...]:
        """From where to where each effect takes the metric, beginning at the value before."""
        level, steps = self.before or 0.0, []
        for effect in self.effects:
            steps.append((level, level + effect.change))
            level += effect.change
        return tuple(steps)

    @property
    def change(self) -> float | None:
        """How far the metric moves; None when it is not known."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Outcome:
    """A scenario run over a warehouse; `sql` gives the values without the ranges."""

    scenario: Scenario
    results: tuple[Result, ...]
    sentence: str
    sql: str
    not_applied: tuple[str, ...] = ()

    def result(self, metric: str) -> Result:
        """One metric's result; raises UnknownName."""
        names = [one.metric for one in self.results]
        return self.results[names.index(macros.known("metric of a scenario", metric, names))]


def run(warehouse: Warehouse, scenario: Scenario) -> Outcome:
    """The metrics of the scenario's window worked out again with its levers moved."""
    accepted = macros.parameters(warehouse, "reports")["what_if"]
    params: dict[str, Any] = macros.honoured(scenario.filters, accepted)
    params.update({lever: 1 + getattr(scenario, lever) for lever in LEVERS})
    params["leads_per_spend"] = scenario.leads_per_spend
    shown = Statement(f"from {call('reports.what_if', params)}", params)
    drawn = draws(warehouse, scenario.filters, scenario.draws, scenario.seed)
    if drawn:
        params = {**params, "draws": drawn}
    asked = Statement(f"from {call('reports.what_if', params)}", params)
    rows = warehouse.query(asked.text, asked.params).rows()
    results = _results(warehouse, rows)
    return Outcome(
        scenario=scenario,
        results=results,
        sentence=_sentence(scenario, results, warehouse.build.currency),
        sql=shown.literal(),
        not_applied=macros.not_taken(scenario.filters, accepted),
    )


def _results(warehouse: Warehouse, rows: list[tuple[Any, ...]]) -> tuple[Result, ...]:
    catalogue = {one["metric"]: one for one in metrics.catalogue(warehouse).iter_rows(named=True)}
    told: dict[str, dict[str, list[float | None]]] = defaultdict(lambda: defaultdict(list))
    for _, metric, lever, value in rows:
        told[metric][lever].append(None if value is None else float(value))
    return tuple(_result(catalogue[metric], values) for metric, values in told.items())


def _result(named: dict[str, Any], values: dict[str, list[float | None]]) -> Result:
    """Values by lever, draw 0 first; the range is that of the differences within each draw."""
    before, after = values["before"][0], values["after"][0]
    is_known = before is not None and after is not None
    effects: tuple[Effect, ...] = ()
    low = high = None
    if is_known and not any(None in values[lever] for lever in LEVERS):
        table = np.array([values[lever] for lever in LEVERS], dtype=np.float64)
        table[np.abs(table) < NOISE * max(abs(before or 0), abs(after or 0))] = 0
        effects = tuple(
            Effect(lever, LEVERS[lever], float(row[0]), *_range(row))
            for lever, row in zip(LEVERS, table, strict=True)
            if row.any()
        )
        low, high = (float(before or 0) + end for end in _range(table.sum(axis=0)))
    return Result(
        metric=named["metric"],
        label=named["label"],
        unit=named["unit"],
        better=named["better"],
        before=before,
        after=after,
        low=low,
        high=high,
        effects=effects,
    )


def _range(values: Any) -> tuple[float, float]:
    """Where 8 in 10 draws lie; without draws the value itself."""
    drawn = values[1:] if values.size > 1 else values
    return float(np.quantile(drawn, LOW)), float(np.quantile(drawn, HIGH))


def _sentence(scenario: Scenario, results: tuple[Result, ...], currency: str) -> str:
    if not scenario.changes:
        return "No lever is moved: everything stays as it was."
    moved = ", ".join(
        f"{LEVERS[lever].lower()} {'+' if value > 0 else units.MINUS}"
        f"{units.format(abs(value), 'ratio')}"
        for lever, value in scenario.changes.items()
    )
    found = next((one for one in results if one.metric == HEADLINE), None)
    if found is None or found.change is None or found.low is None or found.high is None:
        return f"With {moved}: what MRR would have been is not known."
    by, least, most = (
        words.signed(value, found.unit, currency)
        for value in (
            found.change,
            found.low - (found.before or 0),
            found.high - (found.before or 0),
        )
    )
    end = units.format(found.after, found.unit, currency)
    return f"With {moved}, MRR would have ended at {end}: {by} (8 in 10 draws: {least} to {most})."
