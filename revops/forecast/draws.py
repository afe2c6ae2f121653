"""The bootstrap: what the quarter after a day could bring, drawn from quarters before it.

Each draw takes one past quarter whole, because its deals share one season and one market.
Every deal or customer held on the day then gets the fate of a case of its own kind in that
quarter, drawn in proportion to size, so that large ones are not won as often as small ones.
What did not exist yet comes at that quarter's rate. Where a quarter has too few cases of a
kind, those of all quarters stand in. A quarter drawn whole brings its own chance along, so the
range is wide when quarters are alike, and about right when markets move. The seed is fixed:
the same build gives the same range.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from revops.forecast.history import STEPS, Cell, History, Numbers, Pool, joined
from revops.forecast.model import Range

SEED = 5
DRAWS = 1200
LEAST_CASES = 8
# A year of month ends, so that every season is drawn as often.
MOST_QUARTERS = 12
LEVELS = (0.1, 0.5, 0.9)

# The draws made from each past quarter, by its origin.
Draws = Mapping[date, Numbers]


def held(history: History, origin: date, past: Sequence[Mapping[str, Any]]) -> dict[date, Numbers]:
    """What the cases held on a day come to a quarter later, per past quarter drawn from."""
    now = history.cells.get(origin, {})
    rng = np.random.default_rng((SEED, origin.toordinal()))
    each = -(-DRAWS // len(past))
    stand_ins = StandIns([history.cells[quarter["origin"]] for quarter in past])
    found = {}
    for quarter in past:
        own = history.cells[quarter["origin"]]
        total = np.zeros(each)
        for cell, pool in now.items():
            source = own.get(cell)
            if source is None or len(source) < LEAST_CASES:
                source = stand_ins.of(cell)
            drawn = rng.integers(STEPS, size=(each, len(pool)), dtype=np.uint16)
            total += source.fates[drawn] @ pool.base
        found[quarter["origin"]] = total
    return found


def as_many(drawn: Numbers, number: int) -> Numbers:
    """The same draws that many times: each of fewer known quarters gives more of them."""
    return np.resize(drawn, number)


def range_of(draws: Draws) -> Range:
    """P10, P50 and P90 of all draws."""
    p10, p50, p90 = np.quantile(np.concatenate(list(draws.values())), LEVELS)
    return Range(float(p10), float(p50), float(p90))


class StandIns:
    """The cases of a kind over all quarters; where even these are few, those of every kind."""

    def __init__(self, quarters: Sequence[Mapping[Cell, Pool]]) -> None:
        self._quarters = quarters
        self._made: dict[Cell, Pool] = {}

    def of(self, cell: Cell) -> Pool:
        """Cases to draw from for a cell that a quarter has too few of."""
        if cell not in self._made:
            same = [quarter[cell] for quarter in self._quarters if cell in quarter]
            enough = sum(map(len, same)) >= LEAST_CASES
            every = [pool for quarter in self._quarters for pool in quarter.values()]
            self._made[cell] = joined(same if enough else every)
        return self._made[cell]
