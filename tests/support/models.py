"""Small folders of SQL models, and a database for them to run in."""

from pathlib import Path

import duckdb

from pipeline import meta

STAGING = """\
-- description = "Deals as exported. One row per deal."
-- columns.region = "Region of the deal"

select
    deals.deal_id,
    deals.amount,
    deals.geo as region
from raw.pipeline_deals as deals
"""

MART = """\
-- description = "Deals. One row per deal."

select
    deals.deal_id,
    deals.amount,
    deals.region
from staging.deals as deals
"""

METRICS = """\
-- description = "Pipeline. One row per slice and the total."
-- by = ["region"]
-- amount = { label = "Amount", unit = "money", window = "stock", definition = "Sum." }

create or replace macro metrics.pipeline(since := cast(null as date), "by" := null) as table
with summed as (
    select sum(deals.amount) as amount from marts.deals as deals
)

select
    cast(null as varchar) as slice,
    true as is_total,
    false as is_partial,
    cast([] as varchar[]) as filters_not_applied,
    summed.amount
from summed;
"""

REPORT = """\
-- description = "The total of all deals. One row."

create or replace macro reports.totals(since := cast(null as date)) as table
select
    totals.amount
from metrics.pipeline(since := since) as totals
"""

CHECK = """\
-- description = "No deal is worth less than nothing."
-- class = "error"
-- tested = "marts.deals"
-- remedy = "Correct the amount in the CRM."

select
    deals.deal_id,
    deals.amount as gap
from marts.deals as deals
where deals.amount < 0
"""

MODELS = {
    "staging/deals": STAGING,
    "marts/deals": MART,
    "metrics/pipeline": METRICS,
    "reports/totals": REPORT,
    "checks/amounts": CHECK,
}


def model_folder(root: Path, **changes: str | None) -> Path:
    """Write the five models below `root`/sql; `changes` by path, `__` for the slash.

    `marts__deals="…"` replaces or adds one, None leaves it out.
    """
    changed = {name.replace("__", "/"): text for name, text in changes.items()}
    for name, text in {**MODELS, **changed}.items():
        path = root / "sql" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return root / "sql"


def database(*amounts: float) -> duckdb.DuckDBPyConnection:
    """A database as the load leaves it, with one deal per amount."""
    con = duckdb.connect()
    con.execute("attach ':memory:' as warehouse")
    con.execute("use warehouse")
    meta.create_schemas(con)
    meta.create_tables(con)
    con.execute(
        "create table raw.pipeline_deals"
        " (deal_id varchar, amount decimal(18, 6), geo varchar, _line bigint)"
    )
    meta.insert(
        con,
        "raw.pipeline_deals",
        [(f"D{line}", amount, "EMEA", line) for line, amount in enumerate(amounts, 2)],
    )
    meta.insert(
        con,
        "meta.columns",
        [
            ("pipeline_deals", "deal_id", "varchar", True, True, "deal_id", "Id of the deal"),
            ("pipeline_deals", "amount", "decimal", True, True, "amount", "Value of the deal"),
            ("pipeline_deals", "geo", "varchar", False, True, "geo", "Where it is sold"),
        ],
    )
    return con
