"""Losses by what they are told of: lost customers by reason and tenure, lost deals by reason."""

from datetime import date, timedelta
from typing import Any

from revops import macros, metrics
from revops.filters import Filters
from revops.insights.why.recipe import CROSSED, LOSSES, Recipe
from revops.periods import add_months
from revops.statements import call
from revops.warehouse import Warehouse

CUSTOMERS = (
    "select {slice} as slice, sum(losses.{amount}){base} as numerator "
    "from {source} as losses where not losses.is_total group by {columns}"
)
BASE = " / (select whole.{name} from {source} as whole where whole.is_total)"
DEALS = (
    "select {slice} as slice, count(*) as numerator "
    "from marts.deals as losses where losses.is_lost{conditions} group by {columns}"
)
CONDITIONS = {
    "since": "losses.event_date >= {0}",
    "until": "losses.event_date < {0}",
    "segments": "list_contains({0}, losses.segment)",
    "channels": "list_contains({0}, losses.channel)",
    "regions": "list_contains({0}, losses.region)",
    "owners": "list_contains({0}, losses.owner)",
}


def of(
    warehouse: Warehouse,
    asked: Recipe,
    filters: Filters,
    by: tuple[str, ...],
    side: str,
    values: dict[str, Any],
) -> str:
    """The losses of a window per slice, as SQL; their values are added to `values`."""
    known = CROSSED[asked.domain]
    columns = [f"coalesce(losses.{known[name]}, 'unknown')" for name in by]
    told = f"cast(to_json([{', '.join(columns)}]) as varchar)" if len(by) > 1 else columns[0]
    if asked.domain == "pipeline":
        return _deals(warehouse, filters, told, columns, side, values)
    return _customers(warehouse, asked, filters, told, columns, side, values)


def last_complete_month(warehouse: Warehouse, filters: Filters) -> tuple[date, date]:
    """First day of the last month that is over by the window's end, and the first day after."""
    after = warehouse.build.as_of + timedelta(days=1)
    until = min(filters.until or after, after).replace(day=1)
    return add_months(until, -1), until


def _customers(
    warehouse: Warehouse,
    asked: Recipe,
    filters: Filters,
    told: str,
    columns: list[str],
    side: str,
    values: dict[str, Any],
) -> str:
    """Losses of the month that the metric speaks of."""
    since, until = last_complete_month(warehouse, filters)
    accepted = macros.parameters(warehouse, "reports")["churn_analysis"]
    params = macros.honoured(filters.with_window(since, until), accepted)
    values.update({f"{side}_{name}": value for name, value in params.items()})
    base = ""
    if asked.shares_of:
        whole = metrics.statement(warehouse, asked.domain, filters).params
        values.update({f"{side}_whole_{name}": value for name, value in whole.items()})
        source = call(f"metrics.{asked.domain}", whole, f"{side}_whole_")
        base = BASE.format(name=asked.shares_of, source=source)
    return CUSTOMERS.format(
        slice=told,
        amount=LOSSES[asked.metric],
        base=base,
        source=call("reports.churn_analysis", params, f"{side}_"),
        columns=", ".join(columns),
    )


def _deals(
    warehouse: Warehouse,
    filters: Filters,
    told: str,
    columns: list[str],
    side: str,
    values: dict[str, Any],
) -> str:
    params = metrics.statement(warehouse, "pipeline", filters).params
    kept = {name: value for name, value in params.items() if name in CONDITIONS}
    values.update({f"{side}_{name}": value for name, value in kept.items()})
    conditions = "".join(f" and {CONDITIONS[name].format(f'${side}_{name}')}" for name in kept)
    return DEALS.format(slice=told, conditions=conditions, columns=", ".join(columns))
