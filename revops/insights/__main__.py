"""`python -m revops.insights`: print what the rules have to say about a warehouse."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from revops.errors import RevopsError
from revops.filters import Filters
from revops.insights.engine import RuleEngine
from revops.insights.model import Status
from revops.insights.question import told
from revops.insights.rendering import FORMATS
from revops.insights.thresholds import load
from revops.insights.wording import Told, find, request, reworded
from revops.warehouse import DEFAULT_PATH, Warehouse

WORKED, UNREADABLE, FOUND, BROKEN = 0, 2, 3, 4
# The statuses at which `--fail-on` leaves with FOUND. 1 stays Python's own, for a crash.
FAIL_ON: dict[str, tuple[Status, ...]] = {"alert": ("alert",), "watch": ("alert", "watch")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the insights.

    Leaves with 0 when that worked, 2 when the warehouse or a file cannot be read, with
    --fail-on with 3 when an insight is as pressing as that, and else with 4 when a rule failed.
    """
    parser = argparse.ArgumentParser(prog="python -m revops.insights", description=main.__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path(DEFAULT_PATH), metavar="PATH")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--thresholds", type=Path, metavar="FILE", help="replaces some defaults")
    parser.add_argument(
        "--fail-on", choices=FAIL_ON, help="leave with 3 when something is as pressing"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the revops.toml whose [insights] hold"
    )
    parser.add_argument(
        "--show-request",
        action="store_true",
        help="print what the service of [insights] would be sent, and send nothing",
    )
    chosen = parser.parse_args(arguments)
    try:
        service = find(chosen.config)
        broken: list[str] = []
        engine = RuleEngine(
            thresholds=load(chosen.thresholds),
            on_failure=lambda rule, error: broken.append(f"{rule.__name__}: {told(error)}"),
        )
        with Warehouse(chosen.warehouse) as warehouse:
            found = Told(engine.insights(warehouse, Filters()))
            currency = warehouse.build.currency
    except RevopsError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    if chosen.show_request:
        body = request(found.insights, service.model if service else "", currency)
        _print(json.dumps(body, indent=2, ensure_ascii=False))
        return WORKED
    if service is not None:
        found = reworded(found.insights, service, currency)
    _print(FORMATS[chosen.format](found.insights, currency, found.note))
    for rule in broken:
        print(f"rule failed: {rule}", file=sys.stderr)
    if any(one.status in FAIL_ON.get(chosen.fail_on, ()) for one in found.insights):
        return FOUND
    return BROKEN if broken else WORKED


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Whoever reads on has seen enough, as `| head` does.
        sys.stdout = None


if __name__ == "__main__":
    sys.exit(main())
