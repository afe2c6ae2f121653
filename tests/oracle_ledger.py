"""The state of a deal on a day, worked out from what was said when: no SQL, no spans.

Written from the definitions: for one day the word known last counts, an export's before
a back-fill's of the same build; a list of all deals removes who is missing; a list of changes
says nothing of the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

REMOVED = "removed"


@dataclass(frozen=True)
class Said:
    """What one export or file said about one day: deal -> (status, amount)."""

    as_of: date
    known_at: int
    known_as_of: date
    origin: str
    is_snapshot: bool
    deals: Mapping[str, tuple[str, int]]


State = tuple[str, int]


def states_by_day(
    said: Iterable[Said], known_on: date | None, days: Iterable[date]
) -> dict[date, dict[str, State]]:
    """The deals on each of `days`, as known on a day; a removed deal keeps its last amount."""
    heard = [each for each in said if known_on is None or each.known_as_of <= known_on]
    spoken = {each.as_of for each in heard}
    found: dict[date, dict[str, State]] = {}
    current: dict[str, State] = {}
    for day in sorted({*days, *spoken}):
        for each in _counting([each for each in heard if each.as_of == day]):
            if each.is_snapshot:
                gone = {
                    deal: (REMOVED, amount)
                    for deal, (_, amount) in current.items()
                    if deal not in each.deals
                }
                current = {**current, **gone}
            current = {**current, **each.deals}
        found[day] = current
    return {day: found[day] for day in days}


def _counting(of_one_day: list[Said]) -> list[Said]:
    """What counts of all that was said of one day, in the order to apply it."""
    export = _last(of_one_day, "export")
    back_fill = _last(of_one_day, "back-fill")
    if back_fill is None or not back_fill.deals:
        return [export] if export else []
    if export is None:
        return [back_fill]
    if export.known_at >= back_fill.known_at:
        return [export]
    return [back_fill] if back_fill.is_snapshot else [export, back_fill]


def _last(of_one_day: list[Said], origin: str) -> Said | None:
    ours = [each for each in of_one_day if each.origin == origin]
    return max(ours, key=lambda each: each.known_at, default=None)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
