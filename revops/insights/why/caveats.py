"""What a reader must know of two windows before believing their difference."""

from collections.abc import Mapping
from typing import Any

from revops import metrics, units
from revops.filters import Filters
from revops.insights.why.recipe import Recipe
from revops.periods import month_number
from revops.warehouse import Warehouse


def of(
    warehouse: Warehouse,
    asked: Recipe,
    now: Filters,
    before: Filters,
    total_now: Mapping[str, Any],
    total_before: Mapping[str, Any],
) -> tuple[str, ...]:
    """Sentences on filters not applied, part periods, unlike lengths and unknown rows."""
    said = []
    for filters, total in ((before, total_before), (now, total_now)):
        ignored = {
            *metrics.not_taken(warehouse, asked.domain, filters),
            *(total["filters_not_applied"] or ()),
        }
        if ignored:
            said.append(f"Not limited by {', '.join(sorted(ignored))}: the files do not say.")
        if total["is_partial"]:
            said.append(f"{_window(filters)} reaches beyond what the files cover.")
        unknown = total.get(f"{asked.metric}_unknown_rows")
        if unknown:
            count = units.format(unknown, "count")
            said.append(f"{_window(filters)}: {count} rows are left out, a figure is not known.")
    if asked.window == "flow" and not asked.is_ratio and not _alike(now, before):
        said.append("The windows are not equally long, and a sum grows with its window.")
    return tuple(dict.fromkeys(said))


def _window(filters: Filters) -> str:
    words = filters.describe_window()
    return words[0].upper() + words[1:]


def _alike(now: Filters, before: Filters) -> bool:
    lengths = set()
    for filters in (now, before):
        if filters.since is None or filters.until is None:
            return (now.since, now.until) == (before.since, before.until)
        is_months = filters.since.day == filters.until.day == 1
        months = month_number(filters.until) - month_number(filters.since)
        lengths.add(
            ("months", months) if is_months else ("days", (filters.until - filters.since).days)
        )
    return len(lengths) == 1
