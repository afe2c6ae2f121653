"""Which dimension explains a change best, by one stated rule."""

from dataclasses import dataclass

from revops.errors import CannotDecompose
from revops.filters import Filters
from revops.insights.why.model import Explanation, Part
from revops.insights.why.recipe import dimensions, recipe
from revops.insights.why.slices import divided
from revops.warehouse import Warehouse


@dataclass(frozen=True)
class Candidate:
    """A dimension with how far one of its slices stands out, from 0 to 1.

    `concentration` is the largest excess of a slice: its share of all that the slices moved, up
    and down added as sizes, less its own size (the mean of its weights before and now).
    Where all slices move alike, each moves as much as it is large, and the excess is 0; so it
    is with one slice alone. A dimension of many slices gains nothing by being fine: what is
    spread over them is each one's little.
    """

    dimension: str
    concentration: float
    leading: Part | None
    explanation: Explanation


def candidates(
    warehouse: Warehouse, metric: str, *, now: Filters, before: Filters
) -> tuple[Candidate, ...]:
    """Every dimension that the change can be divided by, the best explaining first.

    The most concentrated first; of equals the one with fewer slices, then as the
    catalogue orders them. Dimensions whose slices do not add up are left out.
    """
    asked = recipe(warehouse, metric)
    found = []
    for dimension in dimensions(warehouse, metric):
        try:
            explanation = divided(warehouse, asked, now, before, (dimension,))
        except CannotDecompose:
            continue
        concentration, leading = concentrated(explanation.parts)
        found.append(Candidate(dimension, concentration, leading, explanation))
    return tuple(
        sorted(found, key=lambda one: (-round(one.concentration, 9), len(one.explanation.parts)))
    )


def concentrated(parts: tuple[Part, ...]) -> tuple[float, Part | None]:
    """The largest excess of a slice over its size, and that slice."""
    moved = sum(abs(part.contribution) for part in parts)
    if not moved:
        return 0.0, None
    excess = [(abs(part.contribution) / moved - _size(part), part) for part in parts]
    largest, leading = max(excess, key=lambda one: one[0])
    return max(0.0, largest), leading


def _size(part: Part) -> float:
    return ((part.weight_before or 0) + (part.weight_now or 0)) / 2
