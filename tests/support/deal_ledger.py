"""A warehouse whose deal ledger is stated directly, as spans of unchanged state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import polars as pl

from tests.support.worlds import World, warehouse

FOREVER = date(9999, 12, 31)
STATE = {
    "deal_id": pl.String, "valid_from": pl.Date, "valid_to": pl.Date, "status": pl.String,
    "stage": pl.String, "amount": pl.Decimal(18, 6), "probability": pl.Float64,
    "expected_close": pl.Date, "closed_on": pl.Date, "created_on": pl.Date,
    "account": pl.String, "segment": pl.String, "owner": pl.String, "channel": pl.String,
    "region": pl.String,
}  # fmt: skip
TEXTS = ("account", "segment", "owner", "channel", "region")
State = Mapping[str, Any]


@dataclass(frozen=True)
class Ledger:
    """Deal states and the days between which the ledger knows them.

    States are dictionaries with the columns of `marts.deal_states`; a column left
    out is empty, an attribute left out 'unknown', `valid_to` left out still to come.
    """

    states: Sequence[State]
    first_date: date
    last_date: date

    def rows(self) -> list[dict[str, Any]]:
        """The states with every column."""
        empty = dict.fromkeys(STATE) | dict.fromkeys(TEXTS, "unknown") | {"valid_to": FOREVER}
        return [{**empty, **state} for state in self.states]

    def with_states(self, states: Iterable[State]) -> "Ledger":
        return replace(self, states=list(states))


def any_ledger(models: Sequence[str], last_date: date) -> duckdb.DuckDBPyConnection:
    """The models over files that say nothing, but have a geo column; `fill` states the ledger."""
    world = World({"pipeline_deals": [{"geo": "EMEA"}]}, as_of=last_date)
    con = warehouse(world, ("marts.deal_states", "intermediate.periods", *models))
    con.execute("delete from intermediate.periods")
    con.execute(
        f"""
        insert into intermediate.periods by name
        select
            days.date,
            grains.grain,
            cast(date_trunc(grains.grain, days.date) as date) as period_start,
            cast(
                date_trunc(grains.grain, days.date)
                + interval 1 month * grains.months as date
            ) as period_end
        from (
            select cast(unnest(generate_series(
                date '{last_date}' - 400, date '{last_date}', interval 1 day
            )) as date) as date
        ) as days
        cross join (values ('month', 1), ('quarter', 3), ('year', 12)) as grains (grain, months)
        """
    )
    return con


def fill(con: duckdb.DuckDBPyConnection, ledger: Ledger, is_sorted: bool = True) -> None:
    """Replace the ledger that the reports read by this one."""
    states = pl.DataFrame(ledger.rows(), schema=STATE)
    if is_sorted:
        states = states.sort("valid_from", maintain_order=True)
    con.execute("create or replace table marts.deal_states as select * from states")
    con.execute("delete from intermediate.ledger_days")
    con.execute(
        "insert into intermediate.ledger_days by name"
        " select $last as version, unnest([$first, $last]) as as_of",
        {"first": ledger.first_date, "last": ledger.last_date},
    )


def ask(con: duckdb.DuckDBPyConnection, report: str, **given: Any) -> list[dict[str, Any]]:
    """The rows of a report, every argument bound by name."""
    call = ", ".join(f'"{name}" := ${name}' for name in given)
    cursor = con.execute(f"select * from reports.{report}({call})", given)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
