"""What the pipeline waterfall must say, worked out deal by deal in plain Python.

Written from the definition of the waterfall and not from the SQL. The deal states of a
ledger are one dictionary per deal and span, valid from a day up to, not including, another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

State = Mapping[str, Any]
BUCKETS = (
    "opening", "created", "pulled_in", "transferred_in", "reopened", "increase", "decrease",
    "won", "lost", "pushed_out", "pulled_earlier", "transferred_out", "removed", "closing",
)  # fmt: skip
STAGES = ("Discovery", "Demo", "Negotiation")
FILTERS = {"segments": "segment", "owners": "owner", "channels": "channel", "regions": "region"}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """Days from `start` up to, not including, `end`; None leaves that side open."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether a day lies inside; a deal without a day is only in the unbounded window."""
        if self.start is None and self.end is None:
            return True
        if day is None:
            return False
        return (self.start is None or day >= self.start) and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Movement:
    """One row of the waterfall: what a deal adds to a bucket."""

    deal_id: str
    bucket: str
    amount: Decimal
    is_without_amount: bool


def by_deal(states: Iterable[State]) -> dict[str, list[State]]:
    """The states of each deal, oldest first."""
    deals = defaultdict(list)
    for state in sorted(states, key=lambda state: state["valid_from"]):
        deals[state["deal_id"]].append(state)
    return dict(deals)


def at(history: Sequence[State], day: date) -> State | None:
    """How a deal stood at the end of a day; None before it was first seen."""
    return next((s for s in history if s["valid_from"] <= day < s["valid_to"]), None)


def passes(state: State, filters: Mapping[str, Sequence[str] | None]) -> bool:
    return all(
        members is None or state[FILTERS[name]] in members for name, members in filters.items()
    )


class Ends:
    """One deal at both ends of a period, seen through a window and filters."""

    def __init__(
        self,
        history: Sequence[State],
        first: date,
        last: date,
        window: Window,
        filters: Mapping[str, Sequence[str] | None],
    ) -> None:
        self.first, self.window = first, window
        self.before, self.after = at(history, first), at(history, last)
        self.was_open = self.before is not None and self.before["status"] == "open"
        self.was_due = self.was_open and window.holds(self.before["expected_close"])
        self.was_in = self.was_due and passes(self.before, filters)
        self.is_present = self.after is not None and self.after["status"] != "removed"
        self.is_selected = self.is_present and passes(self.after, filters)
        self.is_open = self.is_present and self.after["status"] == "open"
        self.is_due = self.is_open and window.holds(self.after["expected_close"])
        self.is_in = self.is_due and self.is_selected

    @property
    def passed_by_closing(self) -> bool:
        """Selected at the end, and closed since the start while in the window or due in it."""
        if not self.is_selected or self.is_open:
            return False
        closing = (self.after["status"], self.after["closed_on"])
        if self.before is not None and closing == (self.before["status"], self.before["closed_on"]):
            return False
        closed_on = self.after["closed_on"]
        closed_inside = (
            closed_on is not None and closed_on > self.first and self.window.holds(closed_on)
        )
        return closed_inside or self.was_due

    def entry(self) -> str:
        if self.was_in:
            return "opening"
        if self.before is None:
            return "created"
        if not self.was_open:
            return "reopened"
        return "transferred_in" if self.was_due else "pulled_in"

    def leaving(self) -> str:
        if self.is_in:
            return "closing"
        if not self.is_present:
            return "removed"
        if self.is_open and not self.is_due:
            due, start = self.after["expected_close"], self.window.start
            is_earlier = due is not None and start is not None and due < start
            return "pulled_earlier" if is_earlier else "pushed_out"
        return self.after["status"] if self.is_selected else "transferred_out"

    def movements(self, deal_id: str) -> list[Movement]:
        if not (self.was_in or self.is_in or self.passed_by_closing):
            return []
        entry, leaving = self.entry(), self.leaving()
        a = self.before["amount"] if self.before else None
        b = self.after["amount"] if self.after else None
        came = b if entry in ("created", "reopened") else a
        revalued = leaving in ("closing", "won") or (leaving == "lost" and bool(b))
        left = b if revalued else came
        change = (left or Decimal(0)) - (came or Decimal(0))
        rows = [Movement(deal_id, entry, came or Decimal(0), came is None)]
        if change:
            kind = "increase" if change > 0 else "decrease"
            rows.append(Movement(deal_id, kind, change, came is None or left is None))
        signed = (left or Decimal(0)) * (1 if leaving == "closing" else -1)
        rows.append(Movement(deal_id, leaving, signed, left is None))
        return rows


def movements(
    states: Iterable[State],
    first: date,
    last: date,
    window: Window,
    filters: Mapping[str, Sequence[str] | None] | None = None,
) -> list[Movement]:
    """The rows behind the waterfall from the end of `first` to the end of `last`."""
    return [
        row
        for deal_id, history in by_deal(states).items()
        for row in Ends(history, first, last, window, filters or {}).movements(deal_id)
    ]


def waterfall(rows: Iterable[Movement]) -> dict[str, tuple[int, Decimal, int]]:
    """Deals, amount and deals without amount of every bucket."""
    found = {bucket: (0, Decimal(0), 0) for bucket in BUCKETS}
    for row in rows:
        deals, amount, empty = found[row.bucket]
        found[row.bucket] = (deals + 1, amount + row.amount, empty + row.is_without_amount)
    return found
