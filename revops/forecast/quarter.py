"""Bookings and MRR of the three months after the as-of date.

Bookings: open deals by stage and age, drawn as `draws` says, and deals still to be created,
as a share of what was created in the quarter before. MRR: paying customers by tenure (the
retention curve), and new ones as MRR per unit of bookings, from the bookings drawn.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from revops import reports
from revops.filters import DAY, Filters
from revops.forecast import draws
from revops.forecast.draws import Draws
from revops.forecast.history import History, read
from revops.forecast.model import Forecast, Range, Subject, Trial
from revops.forecast.refusals import refusal
from revops.warehouse import Warehouse

Made = TypeVar("Made")
Method = Callable[[Mapping[str, Any]], Draws | None]

DEALS = ("forecast_bookings", "forecast_deals")
CUSTOMERS = ("forecast_mrr", "forecast_customers")
LEAST_QUARTERS = 6
LABELS = {"bookings": "Bookings", "mrr": "MRR"}
HOW = {
    "bookings": (
        "Open deals end as deals of the same stage and age did in the past year's quarters; "
        "deals still to come follow what was created lately."
    ),
    "mrr": (
        "Customers stay, grow or leave as those of the same tenure did in the past year's "
        "quarters; new ones follow the bookings forecast."
    ),
}

# By warehouse: the build it read then, and what was made of it.
_MADE: WeakKeyDictionary[Warehouse, tuple[str, dict[tuple[str, Filters], Any]]] = (
    WeakKeyDictionary()
)


class Deals:
    """The deals' history, and the bookings drawn from it at each origin, once."""

    def __init__(self, warehouse: Warehouse, filters: Filters) -> None:
        self.history = read(warehouse, *DEALS, ("stage", "age_band"), "deal_id", filters)
        self._quarters = {quarter["origin"]: quarter for quarter in self.history.quarters}
        self._booked: dict[date, Draws | None] = {}

    def actual(self, origin: date) -> float:
        """What was booked in the quarter after an origin; 0 where that is not known."""
        return float(self._quarters.get(origin, {}).get("actual") or 0)

    def booked(self, origin: date) -> Draws | None:
        """Bookings drawn for that quarter; None where the ledger does not carry it."""
        if origin not in self._booked:
            self._booked[origin] = self._draw(origin)
        return self._booked[origin]

    def _draw(self, origin: date) -> Draws | None:
        now = self._quarters.get(origin)
        past = self.history.known_by(origin, draws.MOST_QUARTERS)
        if now is None or len(past) < LEAST_QUARTERS:
            return None
        won = draws.held(self.history, origin, past)
        for quarter in past:
            won[quarter["origin"]] += now["run_rate"] * _rate(quarter)
        return won


def bookings(warehouse: Warehouse, filters: Filters | None = None) -> Forecast:
    """The amount that will be won in the three months after the as-of date.

    Of the filters only the segments count. Never raises for want of data: `refusal` says
    what is missing.
    """
    return _once(warehouse, "bookings", _segments(filters), _bookings)


def mrr(warehouse: Warehouse, filters: Filters | None = None) -> Forecast:
    """MRR three months after the as-of date; see `bookings`."""
    return _once(warehouse, "mrr", _segments(filters), _mrr)


def _segments(filters: Filters | None) -> Filters:
    return Filters(segments=filters.segments if filters else None)


def _once(
    warehouse: Warehouse, name: str, filters: Filters, make: Callable[[Warehouse, Filters], Made]
) -> Made:
    build, made = _MADE.get(warehouse, ("", {}))
    if build != warehouse.build.load_id:
        made = {}
        _MADE[warehouse] = (warehouse.build.load_id, made)
    if (name, filters) not in made:
        made[name, filters] = make(warehouse, filters)
    found: Made = made[name, filters]
    return found


def _bookings(warehouse: Warehouse, filters: Filters) -> Forecast:
    deals = _once(warehouse, "deals", filters, Deals)

    def drawn(now: Mapping[str, Any]) -> Draws | None:
        return deals.booked(now["origin"])

    return _made(warehouse, "bookings", deals.history, filters, DEALS, drawn)


def _mrr(warehouse: Warehouse, filters: Filters) -> Forecast:
    customers = read(warehouse, *CUSTOMERS, ("tenure_band",), "customer_id", filters)
    deals = _once(warehouse, "deals", filters, Deals)

    def drawn(now: Mapping[str, Any]) -> Draws | None:
        past = customers.known_by(now["origin"], draws.MOST_QUARTERS)
        if len(past) < LEAST_QUARTERS:
            return None
        kept = draws.held(customers, now["origin"], past)
        booked = deals.booked(now["origin"]) or {}
        for quarter in past:
            origin = quarter["origin"]
            if origin in booked and (bookings := deals.actual(origin)):
                drawn_bookings = draws.as_many(booked[origin], len(kept[origin]))
                kept[origin] += drawn_bookings * (quarter["from_new"] / bookings)
            else:
                kept[origin] += now["run_rate"] * _rate(quarter)
        return kept

    return _made(warehouse, "mrr", customers, filters, CUSTOMERS, drawn)


def _rate(quarter: Mapping[str, Any]) -> float:
    return quarter["from_new"] / quarter["run_rate"] if quarter["run_rate"] else 0.0


def _made(
    warehouse: Warehouse,
    subject: Subject,
    history: History,
    filters: Filters,
    sources: tuple[str, str],
    drawn: Method,
) -> Forecast:
    label = LABELS[subject]
    said = refusal(warehouse, subject, history)
    if said:
        return Forecast(subject, label, refusal=said)
    now = history.latest
    ahead = drawn(now)
    if ahead is None:
        return Forecast(subject, label, refusal="Too few past quarters are known to learn from.")
    tried = [(quarter, drawn(quarter)) for quarter in history.quarters if _is_over(quarter)]
    return Forecast(
        subject=subject,
        label=label,
        since=now["origin"] + DAY,
        last_day=now["horizon"],
        forecast=draws.range_of(ahead),
        trials=tuple(_trial(quarter, draws.range_of(found)) for quarter, found in tried if found),
        last_quarter=now["last_quarter"],
        year_before=now["year_before"],
        cases=history.cases,
        learnt_from=len(ahead),
        method=HOW[subject],
        sources=tuple(reports.sql(warehouse, name, filters) for name in sources),
    )


def _is_over(quarter: Mapping[str, Any]) -> bool:
    return quarter["actual"] is not None


def _trial(quarter: Mapping[str, Any], forecast: Range) -> Trial:
    return Trial(
        origin=quarter["origin"],
        last_day=quarter["horizon"],
        forecast=forecast,
        actual=quarter["actual"],
        last_quarter=quarter["last_quarter"],
        year_before=quarter["year_before"],
    )
