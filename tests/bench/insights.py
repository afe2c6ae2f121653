"""All insight rules on a published build, answers forgotten before each run."""

import time
from pathlib import Path

from revops import Warehouse
from revops.filters import Filters
from revops.insights import RuleEngine
from revops.insights.rules import RULES
from tests.bench.measure import median, report, run


def measure(warehouse: Path, what: str, repeats: int, goal: str) -> None:
    """Print the seconds of all rules, of the slowest one, and of the command a person types."""
    with Warehouse(warehouse) as opened:
        times = [seconds(opened, RuleEngine()) for _ in range(repeats)]
        alone = {rule.__name__: seconds(opened, RuleEngine([rule])) for rule in RULES}
    report(f"all {len(RULES)} rules, {what}", f"{median(times):.2f} s", goal)
    slowest = max(alone, key=alone.__getitem__)
    report("  the slowest of them", f"{slowest}, {alone[slowest]:.2f} s", "")
    command = run(["-m", "revops.insights", "--warehouse", str(warehouse)])
    report("  make insights", f"{command.wall:.1f} s, cpu {command.cpu:.1f} s", "")


def seconds(warehouse: Warehouse, engine: RuleEngine) -> float:
    """Wall time of the engine's rules; nothing is answered from memory."""
    warehouse.refresh()
    started = time.perf_counter()
    engine.insights(warehouse, Filters())
    return time.perf_counter() - started
