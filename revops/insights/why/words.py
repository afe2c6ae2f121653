"""A change in one or two sentences, names from the data as they are."""

import json
from collections.abc import Mapping, Sequence

from revops import units
from revops.insights.why.model import Part, within
from revops.insights.why.recipe import Recipe

MOST_NAMED = 3
EFFECT_WORDS = {
    "mix": "from the weights of the {slices}",
    "rate": "from their own values",
    "unmatched": "from {slices} with a numerator and no denominator",
}


def of_slices(
    asked: Recipe,
    before: float | None,
    now: float | None,
    by: Sequence[str],
    parts: Sequence[Part],
    effects: Mapping[str, float],
    paradox: bool,
    currency: str,
) -> str:
    """Why a metric moved, by slices; which value is not known; or that nothing moved."""
    if before is None or now is None:
        return not_known(asked.label, before, now)
    told = opening(asked.label, before, now, asked.unit, currency)
    slices = " and ".join(f"{name}s" for name in by)
    if asked.is_ratio:
        told = f"{told}{_effects(effects, slices, asked.unit, currency)}"
    if named := leading(parts, asked.unit, currency):
        told = f"{told}. {named}"
    if paradox:
        moved = ("rose", "fell") if now > before else ("fell", "rose")
        told = (
            f"{told}. A paradox: {within(asked.label)} {moved[0]} in total although it "
            f"{moved[1]} in every one of the {slices}, because their weights moved"
        )
    return f"{told}."


def not_known(label: str, before: float | None, now: float | None) -> str:
    """Which of the two values is not known."""
    if before is None and now is None:
        return f"{label} is not known in either window, so no change can be explained."
    which = "before" if before is None else "now"
    return f"{label} is not known {which}, so no change can be explained."


def opening(label: str, before: float, now: float, unit: str, currency: str) -> str:
    """ "Win rate rose 2.4 points, from 24.3% to 26.7%"."""
    first, last = units.format(before, unit, currency), units.format(now, unit, currency)
    if now == before:
        return f"{label} did not move from {last}"
    verb = "rose" if now > before else "fell"
    return f"{label} {verb} {size(abs(now - before), unit, currency)}, from {first} to {last}"


def leading(parts: Sequence[Part], unit: str, currency: str) -> str:
    """The largest parts: "Most by SMB (+1.2 points), then ENT (−0.3 points)"."""
    named = [part for part in parts if part.contribution][:MOST_NAMED]
    if not named:
        return ""
    first, *others = (f"{p.label} ({signed(p.contribution, unit, currency)})" for p in named)
    return f"Most by {first}" + (f", then {', '.join(others)}" if others else "")


def signed(value: float, unit: str, currency: str) -> str:
    """A move with its sign: +2.4 points, −$1.2K."""
    told = size(abs(value), unit, currency)
    if not any(digit in told for digit in "123456789"):
        return told
    return f"{'+' if value > 0 else units.MINUS}{told}"


def size(value: float, unit: str, currency: str) -> str:
    """How far something moved: shares in points."""
    if unit == "ratio":
        return f"{units.format(value, unit).removesuffix('%')} points"
    return units.format(value, unit, currency)


def members(slice_: str, is_crossed: bool) -> tuple[str, ...]:
    """The names of a slice: one, or the list that a crossing is written as."""
    return tuple(json.loads(slice_)) if is_crossed else (slice_,)


def _effects(effects: Mapping[str, float], slices: str, unit: str, currency: str) -> str:
    told = [
        f"{signed(value, unit, currency)} {EFFECT_WORDS[name].format(slices=slices)}"
        for name, value in effects.items()
        if value or name != "unmatched"
    ]
    return f": {', '.join(told)}"
