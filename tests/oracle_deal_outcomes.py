"""What became of deals, worked out one by one in plain Python: slippage, stages, win curve.

Written from the definitions and not from the SQL.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from tests.oracle_pipeline_ledger import DAY, STAGES, State, Window, at, by_deal, passes

OUTCOMES = ("won", "lost", "slipped", "pulled_earlier", "removed", "still_due")
BESIDE = ("pulled_in", "created")


def outcome(history: Sequence[State], period: Window, known_until: date) -> str:
    """What became of a deal that was due in the period, as far as is known."""
    is_over = known_until >= period.end - DAY
    now = at(history, min(period.end - DAY, known_until))
    if now is None or now["status"] == "removed":
        return "removed"
    if now["status"] != "open":
        return now["status"]
    due = now["expected_close"]
    if is_over or due is None or due >= period.end:
        return "slipped"
    return "pulled_earlier" if due < period.start else "still_due"


def pushes(history: Sequence[State], last: date) -> int:
    """How often the expected close of an open deal moved to a later day, up to a day."""
    seen = [s for s in history if s["status"] != "removed" and s["valid_from"] <= last]
    return sum(
        earlier["status"] == later["status"] == "open"
        and None not in (earlier["expected_close"], later["expected_close"])
        and later["expected_close"] > earlier["expected_close"]
        for earlier, later in pairwise(seen)
    )


def slippage(
    states: Iterable[State],
    period: Window,
    known_until: date,
    filters: Mapping[str, Sequence[str] | None] | None = None,
) -> list[dict[str, Any]]:
    """The deals open when the period began and due in it, each with its outcome."""
    measured_on = min(period.end - DAY, known_until)
    found = []
    for deal_id, history in by_deal(states).items():
        start = at(history, period.start - DAY)
        if start is None or start["status"] != "open" or not passes(start, filters or {}):
            continue
        if period.holds(start["expected_close"]):
            found.append(
                {
                    "deal_id": deal_id,
                    "segment": start["segment"],
                    "owner": start["owner"],
                    "amount_at_start": start["amount"],
                    "outcome": outcome(history, period, known_until),
                    "pushes": pushes(history, measured_on),
                }
            )
    return found


def stays(history: Sequence[State], first_date: date) -> list[dict[str, Any]]:
    """Each time a deal stood in an open stage: since when, whether that was seen, and what next."""
    # a deal that is absent for a while goes on where it was; one that stays away has left
    seen = [s for i, s in enumerate(history) if s["status"] != "removed" or i == len(history) - 1]
    places: list[tuple[str, State]] = []
    for state in seen:
        place = state["stage"] if state["status"] == "open" else state["status"]
        if not places or places[-1][0] != place:
            places.append((place, state))
    found = []
    for number, (place, state) in enumerate(places):
        if place not in STAGES:
            continue
        following = places[number + 1] if number + 1 < len(places) else None
        entered = state["valid_from"]
        found.append(
            {
                "deal_id": state["deal_id"],
                "stage": place,
                "segment": state["segment"],
                "entered_on": entered,
                "left_on": following[1]["valid_from"] if following else None,
                "outcome": _next(place, following[0] if following else None),
                "is_entry_known": entered > first_date or state["created_on"] == entered,
            }
        )
    return found


def _next(stage: str, place: str | None) -> str:
    if place is None:
        return "still_there"
    if place in ("lost", "removed"):
        return place
    if place == "won" or STAGES.index(place) > STAGES.index(stage):
        return "advanced"
    return "moved_back"


def stage_conversion(
    states: Iterable[State], first_date: date, entered: Window
) -> dict[str, dict[str, int]]:
    """Entries into each stage within the days, and where they went."""
    kinds = ("advanced", "lost", "moved_back", "still_there", "removed")
    found = {stage: dict.fromkeys(("entries", *kinds), 0) for stage in STAGES}
    for history in by_deal(states).values():
        for stay in stays(history, first_date):
            if stay["is_entry_known"] and entered.holds(stay["entered_on"]):
                found[stay["stage"]][stay["outcome"]] += 1
                found[stay["stage"]]["entries"] += stay["outcome"] != "removed"
    return found


def win_curve(lives: Sequence[tuple[int, str]]) -> dict[int, tuple[float, float, float]]:
    """Shares won, lost and open by each day on which a deal closed or left (Aalen-Johansen).

    `lives` holds for each deal the days it was watched and how that ended: won, lost
    or open.
    """
    won = lost = 0.0
    still_open = 1.0
    curve = {}
    for day in sorted({days for days, _ in lives}):
        at_risk = sum(days >= day for days, _ in lives)
        wins = sum(life == (day, "won") for life in lives)
        losses = sum(life == (day, "lost") for life in lives)
        won += still_open * wins / at_risk
        lost += still_open * losses / at_risk
        still_open *= 1 - (wins + losses) / at_risk
        curve[day] = (won, lost, still_open)
    return curve
