"""The numbers at which rules speak, kept in a file and checked when read."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from revops.errors import ThresholdError
from revops.refusals import suggestion

DEFAULTS = Path(__file__).with_name("thresholds.toml")

# What holds for all rules, unless a rule says otherwise.
EVERY_RULE = "every_rule"

Thresholds = Mapping[str, Mapping[str, float]]


@cache
def defaults() -> Thresholds:
    """The thresholds shipped with the rules."""
    return tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))


def load(path: Path | None = None) -> Thresholds:
    """The defaults, with whatever `path` sets instead.

    Raises ThresholdError for a rule, key or value that means nothing, naming the nearest.
    """
    merged = {rule: dict(values) for rule, values in defaults().items()}
    if path is None:
        return merged
    for rule, values in _read(path).items():
        if rule not in merged or not isinstance(values, dict):
            raise ThresholdError(
                f"There is no rule {rule!r}.", str(path), suggestion(rule, list(merged))
            )
        for key, value in values.items():
            if key not in merged[rule]:
                where = f"{path}, [{rule}]"
                remedy = suggestion(key, list(merged[rule]))
                raise ThresholdError(f"There is no threshold {key!r}.", where, remedy)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ThresholdError(
                    f"{value!r} is not a number.", f"{path}, [{rule}] {key}", "Write a number."
                )
            merged[rule][key] = value
    return merged


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThresholdError(
            "The thresholds file cannot be read.", str(path), error.strerror or "Check the path."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThresholdError(
            f"The thresholds file is not TOML: {error}.", str(path), "Mend that line."
        ) from None
