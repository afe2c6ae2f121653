"""Whole warehouses in memory, built from a handful of rows by the project's own SQL.

A test states the rows it needs and gets a DuckDB connection on which every
model of `sql/` stands, as after a build. Reading and validating files is left out:
the rows are taken as the loader would have left them.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline.checks import run_checks
from pipeline.history.facts import present_facts
from pipeline.history.ledger import create_ledgers, describe, fill_from_inputs
from pipeline.history.record import Batch
from pipeline.meta import create_schemas, create_tables, insert
from pipeline.models.discover import read_model
from pipeline.models.model import LAYERS, Model
from pipeline.models.order import order
from pipeline.models.run import loaded_relations, run_models
from pipeline.models.store import store_catalogue
from pipeline.policy import CLOSED_STAGES, Policy
from pipeline.policy_impact import store_policy_values

# Another folder of models may stand for the project's: `python -m tests.mutation`.
SQL = Path(os.environ.get("REVOPS_TESTED_SQL", Path(__file__).parents[2] / "sql"))
MONEY = "decimal(18, 6)"

_DEAL = {
    "deal_id": "varchar", "account": "varchar", "segment": "varchar", "owner": "varchar",
    "stage": "varchar", "amount": MONEY, "created_at": "date", "expected_close": "date",
    "last_stage_change": "date", "days_in_stage": "bigint", "probability": "double",
    "expected_value": MONEY, "status": "varchar", "source_channel": "varchar",
    "geo": "varchar", "loss_reason": "varchar",
}  # fmt: skip
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "marketing_channels": {
        "date": "date", "channel": "varchar", "campaign": "varchar", "segment": "varchar",
        "geo": "varchar", "spend": MONEY, "impressions": "bigint", "clicks": "bigint",
        "leads": "bigint", "MQLs": "bigint", "SQLs": "bigint", "opportunities": "bigint",
        "closed_won": "bigint", "CAC": "double", "CPL": "double", "CTR": "double",
        "CVR_stagewise": "double", "ROI": "double",
    },
    "pipeline_deals": _DEAL,
    "revenue_customers": {
        "customer_id": "varchar", "account": "varchar", "segment": "varchar",
        "plan": "varchar", "start_date": "date", "mrr": MONEY, "new_mrr": MONEY,
        "expansion_mrr": MONEY, "contraction_mrr": MONEY, "churned_flag": "boolean",
        "churn_date": "date", "churn_reason": "varchar", "arpa": MONEY, "nrr": "double",
        "geo": "varchar",
    },
    "benchmarks": {
        "benchmark_id": "varchar", "metric_type": "varchar", "category": "varchar",
        "subcategory": "varchar", "target_value": "double", "min_value": "double",
        "max_value": "double", "unit": "varchar", "description": "varchar",
        "source": "varchar", "year": "bigint",
    },
    "subscriptions": {
        "subscription_id": "varchar", "customer_id": "varchar", "start_date": "date",
        "end_date": "date", "mrr": MONEY, "plan": "varchar",
    },
    "deal_history": {"snapshot_date": "date", **_DEAL},
    "targets": {
        "metric": "varchar", "period_start": "date", "period_end": "date",
        "segment": "varchar", "owner": "varchar", "value": MONEY,
    },
    "finance": {
        "month": "date", "sales_marketing_expense": MONEY, "revenue": MONEY,
        "cost_of_revenue": MONEY, "net_burn": MONEY,
    },
}  # fmt: skip
REQUIRED = ("marketing_channels", "pipeline_deals", "revenue_customers", "benchmarks")
MONEY_COLUMN = {
    "marketing_channels": "spend", "pipeline_deals": "amount", "revenue_customers": "mrr",
    "subscriptions": "mrr", "deal_history": "amount",
}  # fmt: skip
FIRST_DATE = {
    "marketing_channels": "date", "pipeline_deals": "created_at",
    "revenue_customers": "start_date", "subscriptions": "start_date",
    "deal_history": "snapshot_date", "targets": "period_start", "finance": "month",
}  # fmt: skip
# These speak about a day by themselves; the others are stated as of the build's date.
OWN_LAST_DATE = ("marketing_channels", "deal_history", "targets", "finance")
DATES_THE_BUILD = ("marketing_channels", "pipeline_deals", "revenue_customers", "deal_history")

Rows = pl.DataFrame | Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class World:
    """The rows of each input file, and what the build would have been told.

    A column that no row of a dataset names is absent from its file. A required
    dataset that is left out is there and empty, with every column. `history_kind` is
    the `kind` of deal_history; no earlier build has kept anything.
    """

    rows: Mapping[str, Rows]
    as_of: date | None = None
    policy: Policy = field(default_factory=Policy)
    history_kind: str = "snapshots"


def warehouse(
    world: World, wanted: Sequence[str] = (), checks: bool = False, policies: bool = False
) -> duckdb.DuckDBPyConnection:
    """The models over the world's rows; with `checks`, `meta.checks` is filled too,
    and with `policies`, `meta.policy_values`.

    `wanted` names models, as `metrics.marketing`: then only these and what they read
    are built, which is quick. Without it everything is.
    """
    con = duckdb.connect()
    con.execute("set threads = 1")
    state(con, world)
    models = run_wanted(con, wanted) if wanted else run_models(con, SQL)
    if policies:
        store_policy_values(con, models, world.policy)
    if checks:
        run_checks(con, models)
    return con


def state(con: duckdb.DuckDBPyConnection, world: World) -> None:
    """Fill the current database as the loader would have, from the world's rows."""
    create_schemas(con)
    create_tables(con)
    for dataset in COLUMNS:
        _load(con, dataset, world.rows.get(dataset))
    as_of = world.as_of or _newest(con)
    _describe(con, world, as_of)
    create_ledgers(con)
    facts = present_facts(con, as_of, world.history_kind)
    batches = [Batch(fact, 1, as_of, "test") for fact in facts]
    describe(con, batches, batches)
    fill_from_inputs(con, batches)


def csv_rows(path: Path, dataset: str) -> pl.DataFrame:
    """A tiny CSV case as rows: empty cells are not known."""
    text = pl.read_csv(path, infer_schema=False)
    con = duckdb.connect()
    types = COLUMNS[dataset]
    columns = ", ".join(
        f'cast(text."{name}" as {types[name]}) as "{name}"' for name in text.columns
    )
    return con.sql(f"select {columns} from text").pl()


def query(con: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    cursor = con.execute(sql, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _load(con: duckdb.DuckDBPyConnection, dataset: str, rows: Rows | None) -> None:
    types = COLUMNS[dataset]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    con.execute(
        f"create table raw.{dataset} ({columns}, _file varchar, _line bigint,"
        " _load_id varchar, _flags varchar[])"
    )
    frame = _frame(rows)
    present = set(types) if not frame.width and dataset in REQUIRED else set(frame.columns)
    unknown = present - set(types)
    if unknown:
        raise ValueError(f"{dataset} has no column {sorted(unknown)}")
    if frame.height:
        values = [
            f'cast(frame."{name}" as {kind})' if name in frame.columns else "null"
            for name, kind in types.items()
        ]
        con.execute(
            f"insert into raw.{dataset} select {', '.join(values)}, '{dataset}.csv',"
            " row_number() over () + 1, 'test', [] from frame"
        )
    insert(
        con,
        "meta.columns",
        (
            [dataset, name, kind, dataset in REQUIRED, name in present, name, None]
            for name, kind in types.items()
        ),
    )


def _frame(rows: Rows | None) -> pl.DataFrame:
    if rows is None:
        return pl.DataFrame()
    if isinstance(rows, pl.DataFrame):
        return rows
    return pl.DataFrame(list(rows), infer_schema_length=None)


def _newest(con: duckdb.DuckDBPyConnection) -> date:
    parts = [f"select max({FIRST_DATE[name]}) as day from raw.{name}" for name in DATES_THE_BUILD]
    return con.execute(f"select max(day) from ({' union all '.join(parts)})").fetchall()[0][0]


def _describe(con: duckdb.DuckDBPyConnection, world: World, as_of: date) -> None:
    """What the loader and the build write about themselves."""
    source = "subscriptions" if "subscriptions" in world.rows else "one_snapshot"
    versions = ["0"] * 5
    insert(
        con,
        "meta.build",
        [[
            "test", as_of, "test", datetime(2026, 1, 1), "digest", *versions,
            world.policy.currency, world.policy.book, source,
        ]],
    )  # fmt: skip
    insert(con, "meta.policy", world.policy.rows())
    stages = (*world.policy.stages, *CLOSED_STAGES)
    for kind, members in (("segment", world.policy.segments), ("stage", stages)):
        insert(con, "meta.members", _numbered(kind, members))
    for dataset in COLUMNS:
        insert(con, "meta.loads", [_load_row(con, dataset, dataset in world.rows, as_of)])


def _numbered(kind: str, members: Iterable[str]) -> list[list[object]]:
    return [[kind, member, position] for position, member in enumerate(members, 1)]


def _load_row(
    con: duckdb.DuckDBPyConnection, dataset: str, is_given: bool, as_of: date
) -> list[object]:
    is_present = is_given or dataset in REQUIRED
    money, day = MONEY_COLUMN.get(dataset), FIRST_DATE.get(dataset)
    count, amount, first, last = con.execute(
        f"select count(*), {f'sum({money})' if money else 'null'},"
        f" {f'min({day}), max({day})' if day else 'null, null'} from raw.{dataset}"
    ).fetchall()[0]
    if first is not None and dataset not in OWN_LAST_DATE:
        last = as_of
    if not is_present:
        return [dataset, None, None, *[None] * 7, dataset in REQUIRED, False, None, None]
    zero = 0 if money else None
    return [
        dataset, f"{dataset}.csv", "digest", count, count, 0, zero, amount, amount, zero,
        dataset in REQUIRED, True, first, last,
    ]  # fmt: skip


def run_wanted(con: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> tuple[Model, ...]:
    """What `run_models` does, for the wanted models and all that they read."""
    models = order(needed(tuple(wanted)), loaded_relations(con))
    store_catalogue(con, models)
    for model in models:
        if model.kind == "macro":
            con.execute(model.statement)
        else:
            con.execute(f"create {model.kind} {model.name} as {model.statement}")
    return models


@cache
def needed(wanted: tuple[str, ...]) -> tuple[Model, ...]:
    """The wanted models and all that they read, directly or not."""
    found: dict[str, Model] = {}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        layer, _, stem = name.partition(".")
        if layer in LAYERS and name not in found:
            found[name] = read_model(SQL / layer / f"{stem}.sql")
            waiting += [reference.name for reference in found[name].references]
    return tuple(found.values())
