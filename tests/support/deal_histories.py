"""Random histories of deals: changed, pushed, closed, reopened, moved and removed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.oracle_pipeline_ledger import STAGES, Window
from tests.support.deal_ledger import FOREVER, Ledger

FIRST, LAST = date(2026, 1, 1), date(2026, 4, 30)
SEGMENTS = ("SMB", "MM", "unknown")
OWNERS = ("Ann", "Bo", "unknown")
STATUSES = ("open", "open", "open", "won", "lost", "removed")

days = st.dates(FIRST, LAST)
# expected closes reach beyond what is known, on both sides
due_days = st.none() | st.dates(FIRST - timedelta(days=40), LAST + timedelta(days=90))
amounts = st.none() | st.integers(0, 4).map(lambda hundreds: Decimal(100 * hundreds))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Any window, also one open on a side or on both."""
    bounds = st.none() | days
    start, end = draw(bounds), draw(bounds)
    if start is not None and end is not None and end < start:
        start, end = end, start
    return Window(start, end)


@st.composite
def histories(draw: st.DrawFn, deal_id: str) -> list[dict[str, Any]]:
    """One deal's states, each from its day up to the next one's."""
    changes = sorted(draw(st.sets(days, min_size=1, max_size=5)))
    created_on = draw(st.dates(FIRST - timedelta(days=60), changes[0]))
    states: list[dict[str, Any]] = []
    for number, start in enumerate(changes):
        before = states[-1] if states else None
        # what is not there yet cannot be removed
        status = draw(st.sampled_from(STATUSES if before else STATUSES[:-1]))
        state = before | {} if before and draw(st.booleans()) else _anew(draw, deal_id, created_on)
        state |= {
            "valid_from": start,
            "valid_to": changes[number + 1] if number + 1 < len(changes) else FOREVER,
            "status": status,
            "closed_on": _closed_on(draw, before, status, start, created_on),
        }
        states.append(state)
    return states


def _anew(draw: st.DrawFn, deal_id: str, created_on: date) -> dict[str, Any]:
    return {
        "deal_id": deal_id,
        "created_on": created_on,
        "stage": draw(st.sampled_from(STAGES)),
        "amount": draw(amounts),
        "expected_close": draw(due_days),
        "segment": draw(st.sampled_from(SEGMENTS)),
        "owner": draw(st.sampled_from(OWNERS)),
        "channel": draw(st.sampled_from(("LinkedIn", "unknown"))),
        "region": draw(st.sampled_from(("EMEA", "unknown"))),
    }


def _closed_on(
    draw: st.DrawFn, before: dict[str, Any] | None, status: str, start: date, created_on: date
) -> date | None:
    """A closed deal says since when: since the last state at the earliest, or not at all."""
    if status not in ("won", "lost"):
        return None
    if before is not None and before["status"] == status:
        return before["closed_on"]
    since = created_on if before is None else before["valid_from"] + timedelta(days=1)
    return draw(st.dates(min(since, start), start))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Up to eight deals, known from FIRST to LAST."""
    count = draw(st.integers(0, 8))
    states = [state for number in range(count) for state in draw(histories(f"D-{number}"))]
    return Ledger(states, FIRST, LAST)
