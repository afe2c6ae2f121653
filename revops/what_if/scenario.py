"""A scenario: which levers are moved how far, over which window; kept as a small TOML file."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, Self

from revops.errors import FilterError, ScenarioError
from revops.filters import Filters
from revops.refusals import suggestion

LEVERS = {
    "win_rate": "Win rate",
    "sales_cycle": "Sales cycle",
    "churn": "Churn",
    "spend": "Ad spend",
    "price": "Price",
}
ASSUMED = {"leads_per_spend": "Leads by spend"}
# Beyond these nothing that a window tells of the rates would still hold.
LEAST, MOST = -0.9, 4.0
MOST_DRAWS = 2000
WINDOW = ("since", "until", "segments", "channels", "regions")


@dataclass(frozen=True)
class Scenario:
    """Relative changes of five levers: 0.1 is 10 % more, −0.2 is 20 % less, 0 is as it was.

    `leads_per_spend` is by how many percent leads grow with one percent of spend: 1 in
    proportion, less where channels are near saturation, 0 not at all. `draws` of the base
    rates give the ranges, the same for the same `seed`. Raises ScenarioError.
    """

    name: str = "Scenario"
    filters: Filters = field(default_factory=Filters)
    win_rate: float = 0.0
    sales_cycle: float = 0.0
    churn: float = 0.0
    spend: float = 0.0
    price: float = 0.0
    leads_per_spend: float = 1.0
    draws: int = 400
    seed: int = 1

    def __post_init__(self) -> None:
        for lever in LEVERS:
            _in_range(lever, getattr(self, lever), LEAST, MOST)
        _in_range("leads_per_spend", self.leads_per_spend, 0.0, 1.0)
        for name, most in (("draws", MOST_DRAWS), ("seed", 2**31)):
            _in_range(name, getattr(self, name), 0, most)
            if getattr(self, name) != int(getattr(self, name)):
                raise ScenarioError(f"{name} is a whole number.", name, "Write it without a point.")

    def with_percent(self, name: str, value: float) -> Self:
        """The same with a lever or an assumption in percent: `("win_rate", 10)` is 10 % more."""
        changed: dict[str, Any] = {name: value / 100}
        return replace(self, **changed)

    def percent(self, name: str) -> float:
        """A lever or an assumption in percent."""
        return round(100 * float(getattr(self, name)), 9)

    def over(self, filters: Filters) -> Self:
        """The same levers over another window or selection."""
        return replace(self, filters=filters)

    @property
    def changes(self) -> dict[str, float]:
        """The levers that are moved, with how far."""
        return {lever: value for lever in LEVERS if (value := getattr(self, lever))}

    def dumps(self) -> str:
        """The scenario as TOML."""
        lines = [f"name = {json.dumps(self.name, ensure_ascii=False)}", "", "[window]"]
        for key in WINDOW:
            value = getattr(self.filters, key)
            if isinstance(value, date):
                lines.append(f"{key} = {value.isoformat()}")
            elif value:
                lines.append(f"{key} = {json.dumps(list(value), ensure_ascii=False)}")
        lines += ["", "# 0.1 is 10 % more than it was", "[change]"]
        lines += [f"{lever} = {float(getattr(self, lever))!r}" for lever in LEVERS]
        lines += ["", "[assumptions]", f"leads_per_spend = {float(self.leads_per_spend)!r}"]
        lines += ["", "[ranges]", f"draws = {self.draws}", f"seed = {self.seed}", ""]
        return "\n".join(lines)


KEYS = {
    "window": WINDOW,
    "change": tuple(LEVERS),
    "assumptions": ("leads_per_spend",),
    "ranges": ("draws", "seed"),
}


def save(scenario: Scenario, path: Path) -> None:
    """Write the scenario; `load` reads the same one back."""
    path.write_text(scenario.dumps(), encoding="utf-8")


def load(path: Path) -> Scenario:
    """Read a scenario file. Raises ScenarioError with the file, the key and the nearest known."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            "The scenario file cannot be read.", str(path), str(error) or "Check the path."
        ) from None
    return loads(text, str(path))


def loads(text: str, where: str = "the scenario") -> Scenario:
    """Read a scenario from TOML text."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(
            f"The scenario is not TOML: {error}.", where, "Mend that line."
        ) from None
    name = tables.pop("name", "Scenario")
    if not isinstance(name, str):
        raise ScenarioError("The name of a scenario is text.", where, "Put it in quotes.")
    values: dict[str, Any] = {}
    for table, found in tables.items():
        if table not in KEYS or not isinstance(found, Mapping):
            raise ScenarioError(f"There is no table [{table}].", where, suggestion(table, [*KEYS]))
        for key, value in found.items():
            if key not in KEYS[table]:
                at = f"{where}, [{table}]"
                raise ScenarioError(
                    f"There is no key {key!r}.", at, suggestion(key, list(KEYS[table]))
                )
            values[key] = value
    try:
        filters = Filters(**{key: values.pop(key) for key in WINDOW if key in values})
    except (FilterError, TypeError) as error:
        raise ScenarioError(f"The window cannot be read: {error}", where, "Mend it.") from None
    return Scenario(name=name, filters=filters, **values)


def _in_range(name: str, value: Any, least: float, most: float) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not isfinite(value) or not least <= value <= most:
        raise ScenarioError(
            f"{value!r} is no value of {name}.", name, f"Take a number from {least} to {most}."
        )
