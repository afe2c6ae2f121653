"""KPI cards, made from the metric catalogue: a metric added in SQL appears here by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from revops import units
from revops.units import Change

NOT_COMPARED = Change(units.UNKNOWN, "unknown", None)


@dataclass(frozen=True)
class Versus:
    """What the values are measured against: how a card words it, and what it says without one.

    `is_period` is true when it is the same metric over another window, so that why it moved can
    be asked.
    """

    word: str
    missing: str
    is_period: bool = False


EARLIER = Versus("from", "not compared: not known before", is_period=True)
TARGET = Versus("target", "no target for this view")
BENCHMARK = Versus("benchmark", "no benchmark for this view")


@dataclass(frozen=True)
class Card:
    """One metric over the window looked at: its value, its move, and what must be said beside it.

    `before` is what it is compared with, in words ("from $1.2M"). `reason` says why the value is
    not known; `badge` which filters it does not honour; `mark` is its benchmark or target. `trend`
    holds the metric's whole periods, oldest first, with None for a gap. `interval` is the 95 %
    interval of a metric whose domain has it as `<metric>_low` and `<metric>_high`.
    """

    domain: str
    metric: str
    label: str
    value: str
    exact: str
    change: Change = NOT_COMPARED
    before: str = ""
    why_not_compared: str = ""
    reason: str = ""
    badge: str = ""
    mark: str = ""
    can_be_explained: bool = False
    trend: tuple[float | None, ...] = ()
    interval: str = ""


def cards(
    catalogue: pl.DataFrame,
    now: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    trend: pl.DataFrame,
    currency: str,
    badge: str = "",
    versus: Versus = EARLIER,
) -> list[Card]:
    """One card per metric of the catalogue that is a KPI, in the catalogue's order.

    `now` is a total row of the domain, `before` what it is compared with, by metric: the same row
    over another window, or targets, as `versus` says; a part window is never compared. `trend` has
    one row per period; `badge` marks every card.
    """
    made = []
    labels = dict(catalogue.select("metric", "label").iter_rows())
    whole = trend.filter(~trend["is_total"] & ~trend["is_partial"].fill_null(value=False))
    for metric in catalogue.iter_rows(named=True):
        if metric["role"] == "part" or metric["metric"] not in now:
            continue
        card = _valued(metric, now, currency, labels)
        made.append(
            replace(
                _compared(card, metric, now, before, currency, versus),
                trend=_numbers(whole, metric["metric"]),
                badge=badge,
            )
        )
    return made


def _valued(
    metric: Mapping[str, Any], now: Mapping[str, Any], currency: str, labels: Mapping[str, str]
) -> Card:
    name, unit, value = metric["metric"], metric["unit"], now[metric["metric"]]
    # a sum with unknown rows is a lower bound; a ratio leaves such rows out of both its parts
    is_sum = unit in ("money", "count") and not metric["denominator"]
    at_least = "≥ " if is_sum and value is not None and now.get(f"{name}_unknown_rows") else ""
    return Card(
        domain=metric["domain"],
        metric=name,
        label=metric["label"],
        value=at_least + units.format(value, unit, currency),
        exact=at_least + units.exact(value, unit, currency),
        reason="" if value is not None else _reason(metric, now, labels),
        interval="" if value is None else interval(name, now, unit, currency),
    )


def interval(metric: str, now: Mapping[str, Any], unit: str, currency: str) -> str:
    """The 95 % interval of a metric, "23.6%–28.0%"; empty where its domain has none."""
    ends = now.get(f"{metric}_low"), now.get(f"{metric}_high")
    return "" if None in ends else "–".join(units.format(end, unit, currency) for end in ends)


def _reason(metric: Mapping[str, Any], now: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    divisor = metric["denominator"]
    if divisor and divisor in now and not now[divisor]:
        return f"Not known: no {_within(labels.get(divisor, divisor))} in this window"
    return "Not known for this window and these filters"


def _compared(
    card: Card,
    metric: Mapping[str, Any],
    now: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    currency: str,
    versus: Versus,
) -> Card:
    if before is None or card.reason:
        return card
    if now.get("is_partial") or before.get("is_partial"):
        return replace(card, why_not_compared="not compared: part of the window has no data")
    value, baseline = now[card.metric], before.get(card.metric)
    if baseline is None:
        return replace(card, why_not_compared=versus.missing)
    return replace(
        card,
        change=units.change(value, baseline, metric["unit"], metric["better"]),
        before=f"{versus.word} {units.format(baseline, metric['unit'], currency)}",
        can_be_explained=versus.is_period,
    )


def _numbers(trend: pl.DataFrame, metric: str) -> tuple[float | None, ...]:
    if metric not in trend.columns:
        return ()
    return tuple(trend.sort("slice")[metric].cast(pl.Float64).to_list())


def _within(label: str) -> str:
    """A label inside a sentence: "leads", but "MRR 12 months ago"."""
    first, *rest = label.split(" ")
    words = [first if first[1:] != first[1:].lower() else first.lower(), *rest]
    return " ".join(words)
