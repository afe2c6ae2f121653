"""Customers lost of those at risk, month by month, and stretches of months compared."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.counts import Rate, p_more
from revops.periods import add_months
from revops.statements import Statement

COLUMNS = {
    "segments": "base.segment",
    "plans": "base.plan",
    "regions": "base.region",
    "channels": "base.channel",
}
MONTHS = """select
    base.month,
    base.segment,
    base.tenure_band,
    base.churn_reason,
    cast(sum(base.base_customers) as bigint) as at_risk,
    cast(sum(base.lost_customers) as bigint) as lost,
    cast(sum(base.base_mrr) as double) as mrr,
    cast(sum(base.churned_mrr) as double) as churned_mrr
from marts.opening_base as base
where not base.is_partial and base.month < $until{conditions}
group by all
order by all"""
COMPARED = """with compared as (
    select
        sum(base.lost_customers) filter (base.month >= $since) as lost,
        cast(sum(base.base_customers) filter (base.month >= $since) as bigint) as at_risk,
        sum(base.lost_customers) filter (base.month < $since)
            / sum(base.base_customers) filter (base.month < $since) as rate_before,
        cast(sum(base.churned_mrr) filter (base.month >= $since) as double) as churned_mrr,
        cast(sum(base.base_mrr) filter (base.month >= $since) as double) as mrr,
        cast(sum(base.churned_mrr) filter (base.month < $since) as double)
            / sum(base.base_mrr) filter (base.month < $since) as mrr_rate_before,
        count(distinct base.month) filter (base.month >= $since) as months
    from marts.opening_base as base
    where not base.is_partial
        and base.month >= $baseline_since and base.month < $until{conditions}
)
"""
SHARE = """select lost / at_risk as value, rate_before as baseline,
    lost / at_risk - rate_before as effect, at_risk as n
from compared"""
EXCESS = "select (churned_mrr - mrr * mrr_rate_before) / months as value from compared"

Row = dict[str, Any]
# Of the error allowed to one stretch, the part for losses of all reasons together.
WEIGHT_OF_ALL = 0.2


@dataclass(frozen=True)
class Stretch:
    """A segment's months from `since` to `until` against those before; None is everybody.

    Rates are customers lost per customer and month, and MRR lost per MRR and month.
    """

    segment: str | None
    since: date
    until: date
    months: int
    now: Rate
    before: Rate
    mrr: Rate
    mrr_before: Rate
    p_value: float

    @property
    def more_lost(self) -> float:
        """Customers lost beyond what the months before would lead one to expect."""
        return self.now.count - self.now.exposure * self.before.value

    @property
    def excess(self) -> float:
        """MRR lost per month beyond what the months before would lead one to expect."""
        return (self.mrr.count - self.mrr.exposure * self.mrr_before.value) / self.months


class Losses:
    """Every month's losses under the filters, read once."""

    def __init__(self, context: Context, until: date) -> None:
        self.until = until
        kept = context.kept(context.filters.with_window(None, None), COLUMNS)
        asked = Statement(MONTHS.format(conditions=kept.text), {**kept.params, "until": until})
        self.rows = context.rows(asked)

    def segments(self) -> list[str | None]:
        """Everybody, then each segment when there are several."""
        names = sorted({row["segment"] for row in self.rows})
        return [None, *names] if len(names) > 1 else [*names]

    def stretch(self, segment: str | None, until: date, months: int, back: int) -> Stretch | None:
        """The `months` before `until` against the `back` months before them."""
        since = add_months(until, -months)
        start = add_months(since, -back)
        rows = [row for row in self.rows if segment in (None, row["segment"])]
        now = [row for row in rows if since <= row["month"] < until]
        then = [row for row in rows if start <= row["month"] < since]
        customers, before = customers_lost(now), customers_lost(then)
        if customers.exposure <= 0 or before.exposure <= customers.exposure:
            return None
        p_value = _p_of_a_wave(now, then, customers, before)
        mrr, mrr_before = mrr_lost(now), mrr_lost(then)
        if p_value is None or mrr_before.exposure <= 0:
            return None
        return Stretch(segment, since, until, months, customers, before, mrr, mrr_before, p_value)

    def rate(self, segment: str | None, since: date, until: date) -> Rate:
        """Customers lost of those at risk in the months from `since` to `until`."""
        return customers_lost(
            row
            for row in self.rows
            if segment in (None, row["segment"]) and since <= row["month"] < until
        )

    def excess_by(self, one: Stretch, column: str, back: int) -> list[tuple[str, float, int]]:
        """Losses of a stretch by reason or tenure band: name, losses beyond the usual, losses.

        The largest excess first. The usual is what the months before lost per customer at risk:
        of the whole segment for a reason, of the band itself for a tenure.
        """
        rows = [row for row in self.rows if one.segment in (None, row["segment"])]
        start = add_months(one.since, -back)
        by_name: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row[column] is not None and start <= row["month"] < one.until:
                by_name[row[column]].append(row)
        found = []
        for name, kept in by_name.items():
            now = customers_lost(row for row in kept if row["month"] >= one.since)
            then = customers_lost(row for row in kept if row["month"] < one.since)
            at_risk, before = (one.now, one.before) if column == "churn_reason" else (now, then)
            usual = at_risk.exposure * then.count / before.exposure if before.exposure else 0.0
            found.append((name, now.count - usual, int(now.count)))
        return sorted(found, key=lambda each: (-each[1], each[0]))


def _p_of_a_wave(now: list[Row], then: list[Row], lost: Rate, lost_before: Rate) -> float | None:
    """More losses altogether, or more for one reason: whichever speaks louder, counted as such.

    A wave has a cause; what stands out for one reason may be lost in the sum of all, so that
    most of the error allowed is theirs (weighted Bonferroni).
    """
    reasons = sorted({row["churn_reason"] for row in (*now, *then) if row["churn_reason"]})
    p_values = [
        p_more(
            Rate(_lost_for(now, reason), lost.exposure),
            Rate(_lost_for(then, reason), lost_before.exposure),
        )
        for reason in reasons
    ]
    known = [p * len(reasons) / (1 - WEIGHT_OF_ALL) for p in p_values if p is not None]
    total = p_more(lost, lost_before)
    return None if total is None else min(1.0, total / WEIGHT_OF_ALL, *known)


def _lost_for(rows: list[Row], reason: str) -> float:
    return sum(row["lost"] for row in rows if row["churn_reason"] == reason)


def customers_lost(rows: Iterable[Row]) -> Rate:
    """Customers lost of those at risk."""
    return _rate(rows, lambda row: row["lost"], lambda row: row["at_risk"])


def mrr_lost(rows: Iterable[Row]) -> Rate:
    """MRR lost of that at risk."""
    return _rate(rows, lambda row: row["churned_mrr"], lambda row: row["mrr"])


def compared(context: Context, scope: Filters, baseline_since: date, question: str) -> Statement:
    """The statement that compares the scope's months with those before."""
    kept = context.kept(scope, COLUMNS)
    params = {"since": scope.since, "until": scope.until, "baseline_since": baseline_since}
    return Statement(COMPARED.format(conditions=kept.text) + question, {**kept.params, **params})


def _rate(
    rows: Iterable[Row], count: Callable[[Row], float], exposure: Callable[[Row], float]
) -> Rate:
    kept = list(rows)
    return Rate(sum(count(row) or 0 for row in kept), sum(exposure(row) or 0 for row in kept))
