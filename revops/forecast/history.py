"""What a forecast learns from: past days, what was held on each, and what it had become."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from revops import reports
from revops.filters import Filters
from revops.warehouse import Warehouse

Numbers = npt.NDArray[np.float64]
Cell = tuple[str, ...]

# Drawing a place among so many is a tenth of the work of finding one by its size each time.
STEPS = 4096


@dataclass(frozen=True)
class Pool:
    """Cases of one kind: what each was worth on a day, and a quarter later."""

    base: Numbers
    outcome: Numbers

    def __len__(self) -> int:
        return len(self.base)

    @cached_property
    def fates(self) -> Numbers:
        """`STEPS` ratios of outcome to base, each case as often as its share of the whole base."""
        shares = np.cumsum(self.base) / self.base.sum()
        middles = (np.arange(STEPS) + 0.5) / STEPS
        places = np.minimum(np.searchsorted(shares, middles), len(self) - 1)
        return (self.outcome / self.base)[places]


def joined(pools: list[Pool]) -> Pool:
    """Several pools as one."""
    return Pool(
        np.concatenate([pool.base for pool in pools]),
        np.concatenate([pool.outcome for pool in pools]),
    )


@dataclass(frozen=True)
class History:
    """Per origin: its row in the report of quarters, and its cases by cell.

    `quarters` holds origin, horizon, actual, from_new, run_rate, last_quarter and year_before;
    `cases` distinct deals or customers whose outcome is known and above 0.
    """

    quarters: tuple[Mapping[str, Any], ...]
    cells: Mapping[date, Mapping[Cell, Pool]] = field(repr=False)
    cases: int

    @property
    def latest(self) -> Mapping[str, Any]:
        """The origin whose quarter is still to come."""
        return self.quarters[-1]

    def known_by(self, origin: date, most: int) -> list[Mapping[str, Any]]:
        """The quarters that were over on a day: the only ones a forecast of that day may use."""
        over = [
            quarter
            for quarter in self.quarters
            if quarter["actual"] is not None
            and quarter["horizon"] <= origin
            and quarter["origin"] in self.cells
        ]
        return over[-most:]


def read(
    warehouse: Warehouse,
    quarters: str,
    cases: str,
    cell: tuple[str, ...],
    key: str,
    filters: Filters,
) -> History:
    """The history that two reports tell: one row per quarter, and one row per case."""
    rows = reports.query(warehouse, quarters, filters).to_dicts()
    frame = reports.query(warehouse, cases, filters)
    parts = frame.partition_by("origin", *cell, as_dict=True, include_key=False)
    cells: dict[date, dict[Cell, Pool]] = {}
    for (origin, *names), part in sorted(parts.items(), key=lambda pair: str(pair[0])):
        pool = Pool(part["base"].to_numpy(), part["outcome"].fill_null(float("nan")).to_numpy())
        cells.setdefault(origin, {})[tuple(str(name) for name in names)] = pool
    turned = frame.filter(pl.col("outcome") > 0)
    return History(tuple(rows), cells, turned[key].n_unique())
