"""A metric's change between two windows or slices, with the dimension chosen or given."""

from collections.abc import Sequence

from revops.filters import Filters
from revops.insights.why.choice import candidates
from revops.insights.why.model import Explanation
from revops.insights.why.recipe import dimensions, recipe, split
from revops.insights.why.slices import divided
from revops.warehouse import Warehouse


def explain(
    warehouse: Warehouse,
    metric: str,
    *,
    now: Filters,
    before: Filters,
    by: str | Sequence[str] | None = None,
) -> Explanation:
    """Why a metric differs between two windows, or two selections, by one or more dimensions.

    `metric` is a column of the catalogue, as `win_rate` or `pipeline.win_rate`. Sums fall into
    contributions; divisions of two sums into mix and rate with the formula of METRICS.md,
    and what a numerator without any denominator did (`unmatched`). Without `by` the dimension is
    chosen as `candidates` says. A value that is not known leaves the change not known.

    Raises UnknownName for a metric or dimension that is not there, and CannotDecompose for a
    metric that is neither a sum nor a division of two sums: nothing is approximated.
    """
    asked = recipe(warehouse, metric)
    if by is not None:
        return divided(warehouse, asked, now, before, split(warehouse, asked, by))
    found = candidates(warehouse, metric, now=now, before=before)
    if found:
        return found[0].explanation
    return divided(warehouse, asked, now, before, dimensions(warehouse, metric)[:1])
