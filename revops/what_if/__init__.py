"""What a past window would have come to had a rate, a price or the spend been another.

`run(warehouse, Scenario(filters=…, win_rate=0.1))` works the metrics out again from their sums
in SQL (`reports.what_if`), divides the difference among the levers and gives each a range.
A scenario is saved and loaded as a small TOML file.
"""

from revops.what_if.outcome import ASSUMPTIONS, Effect, Outcome, Result, run
from revops.what_if.scenario import ASSUMED, LEVERS, Scenario, load, loads, save

__all__ = [
    "ASSUMED",
    "ASSUMPTIONS",
    "LEVERS",
    "Effect",
    "Outcome",
    "Result",
    "Scenario",
    "load",
    "loads",
    "run",
    "save",
]
