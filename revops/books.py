"""What the build recorded about itself: files, withheld rows, checks, policies, lineage."""

from datetime import date

import polars as pl

from revops.macros import known
from revops.warehouse import Warehouse


def loads(warehouse: Warehouse) -> pl.DataFrame:
    """One row per dataset: rows read, loaded and withheld, money withheld, coverage."""
    return warehouse.query("select * from meta.loads order by is_required desc, dataset")


def missing(warehouse: Warehouse) -> frozenset[str]:
    """The datasets that no file was given for."""
    found = loads(warehouse)
    return frozenset(found.filter(~found["is_present"])["dataset"])


def freshness(warehouse: Warehouse) -> pl.DataFrame:
    """The loads, each with how its newest date stands to the as-of date, in words."""
    as_of = warehouse.build.as_of
    found = loads(warehouse)
    said = [
        behind(last, as_of) if present else ""
        for last, present in found.select("last_date", "is_present").iter_rows()
    ]
    return found.with_columns(pl.Series("freshness", said, dtype=pl.String))


def behind(last: date | None, as_of: date) -> str:
    """ "up to the as-of date", "12 days before it", "reaches 1 day beyond it"."""
    if last is None:
        return "holds no date"
    days = (as_of - last).days
    if days == 0:
        return "up to the as-of date"
    counted = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f"{counted} before the as-of date" if days > 0 else f"reaches {counted} beyond it"


def withheld(warehouse: Warehouse, limit: int | None = None) -> pl.DataFrame:
    """The withheld rows, each with what its column should hold, so that it can be mended."""
    wanted = columns(warehouse).select(
        "dataset",
        "column_name",
        pl.format("{} should hold: {} ({})", "source_name", "description", "data_type").alias(
            "remedy"
        ),
    )
    found = quarantine(warehouse, limit=limit).join(
        wanted, on=["dataset", "column_name"], how="left", maintain_order="left"
    )
    whole_row = "Give the line as many cells as the header, or remove it; then build again."
    return found.with_columns(pl.col("remedy").fill_null(pl.lit(whole_row)))


def quarantine(
    warehouse: Warehouse, dataset: str | None = None, limit: int | None = None, offset: int = 0
) -> pl.DataFrame:
    """The withheld rows, one per CSV row: file, line, column, value, rule and reason."""
    return warehouse.query(
        "select * from quarantine.rows as withheld "
        "where $dataset is null or withheld.dataset = $dataset "
        "order by withheld.dataset, withheld.line limit $most offset $skip",
        {"dataset": dataset, "most": limit, "skip": offset},
    )


def quarantine_summary(warehouse: Warehouse) -> pl.DataFrame:
    """One row per dataset and rule: how many rows it withheld, and the first of them."""
    return warehouse.query(
        "select withheld.dataset, withheld.rule, count(*) as rows, "
        "min(withheld.line) as first_line, arg_min(withheld.reason, withheld.line) as example "
        "from quarantine.rows as withheld group by all order by withheld.dataset, rows desc"
    )


def checks(warehouse: Warehouse) -> pl.DataFrame:
    """One row per check; failed ones first, then warnings, then what could not be tested."""
    return warehouse.query(
        "select * from meta.checks as checks order by "
        "list_position(['failed', 'passed', 'not applicable'], checks.status) nulls first, "
        "checks.class, checks.name"
    )


def check_counts(warehouse: Warehouse) -> dict[str, int]:
    """How many checks passed, failed and were not applicable."""
    counted = warehouse.query("select status, count(*) as checks from meta.checks group by status")
    return dict(counted.iter_rows())


def check_rows(warehouse: Warehouse, name: str, limit: int = 1000) -> pl.DataFrame:
    """The rows that break a check. Raises UnknownName for a check that is not there."""
    known("check", name, checks(warehouse)["name"].to_list())
    quoted = '"' + name.replace('"', '""') + '"'
    return warehouse.query(f"from checks.{quoted} limit $most", {"most": limit})


def warnings(warehouse: Warehouse) -> pl.DataFrame:
    """Contradictions that were kept and counted: dataset, rule, description, rows, example."""
    return warehouse.query("select * from meta.warnings as noted order by noted.rows desc, dataset")


def policies(warehouse: Warehouse) -> pl.DataFrame:
    """The policies in force, beside their defaults: key, value, default_value, is_default."""
    return warehouse.query("select * from meta.policy order by key")


def policy(warehouse: Warehouse, key: str, default: str) -> str:
    """One policy's value as text; the default when the build did not record it."""
    row = warehouse.query("select value from meta.policy where key = $key", {"key": key})
    return str(row.item()) if row.height else default


def fiscal_year_start_month(warehouse: Warehouse) -> int:
    """The month the fiscal year starts in, 1 to 12."""
    return int(policy(warehouse, "fiscal_year_start_month", "1"))


def models(warehouse: Warehouse) -> pl.DataFrame:
    """One row per SQL model: layer, description, file, SQL and what it reads."""
    return warehouse.query("select * from meta.models order by layer, name")


def columns(warehouse: Warehouse, dataset: str | None = None) -> pl.DataFrame:
    """One row per input column: type, whether required and present, and its description."""
    return warehouse.query(
        "select * from meta.columns as columns "
        "where $dataset is null or columns.dataset = $dataset order by columns.dataset",
        {"dataset": dataset},
    )


def has_column(warehouse: Warehouse, dataset: str, column: str) -> bool:
    """Whether the input file carried the column, such as geo in pipeline_deals."""
    present = warehouse.query(
        "select coalesce(bool_or(is_present), false) as found from meta.columns "
        "where dataset = $dataset and column_name = $column",
        {"dataset": dataset, "column": column},
    )
    return bool(present.item())
