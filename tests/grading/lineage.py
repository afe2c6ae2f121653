"""Which models the rules rest on, read off their code: no others need to be built."""

import re
import sys
from functools import cache
from pathlib import Path

import revops.insights  # noqa: F401 - brings along every module that a rule uses
from tests.support.worlds import SQL

NAMED = re.compile(
    r"\b(?:staging|intermediate|marts|metrics|reports)\.[a-z_]+\b|[\"']([a-z_]+)[\"']"
)


@cache
def models_of_the_rules() -> tuple[str, ...]:
    """The models that the code behind the insights names, reports by their bare name too.

    All domains of metrics are among them: their names are put together as they are asked.
    """
    named: set[str] = set()
    for path in _modules():
        for found in NAMED.finditer(path.read_text(encoding="utf-8")):
            named.add(f"reports.{found[1]}" if found[1] else found[0])
    there = {f"{path.parent.name}.{path.stem}" for path in SQL.glob("*/*.sql")}
    domains = {name for name in there if name.startswith("metrics.")}
    return tuple(sorted(there & named | domains))


def _modules() -> list[Path]:
    """The loaded modules of revops, but for those that make the worlds."""
    files = [
        Path(module.__file__)
        for name, module in sorted(sys.modules.items())
        if name.startswith("revops.") and module.__file__
    ]
    return [path for path in files if "data_generation" not in path.parts]
