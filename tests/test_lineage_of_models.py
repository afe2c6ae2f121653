"""The lineage of the real models: no column without its origins, and none with wrong ones."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from pipeline.models.lineage import read_lineage
from revops import Warehouse, books, lineage

# what is written in the SQL, asked for by a parameter, or a count of rows: no column stands in it
WITHOUT_ORIGIN = {
    "intermediate.customer_attributes": {"is_listed"},
    "intermediate.domain_coverage": {"domain", "is_return"},
    "intermediate.periods": {"grain"},
    "intermediate.slippage_outcomes": {"position", "outcome", "label", "is_in_cohort"},
    "intermediate.supplied_movements": {"movement", "is_supplied"},
    "intermediate.tenure_bands": {"tenure_band", "from_months", "to_months"},
    "intermediate.waterfall_buckets": {"position", "bucket", "label"},
    "marts.channel_returns_daily": {"returns_won_deals"},
    "marts.deal_facts": {"won_deals_unknown_rows", "lost_deals_unknown_rows"},
    "marts.mrr_movements": {"is_supplied"},
    "marts.snapshot_losses": {"is_partial", "base_customers", "base_mrr", "lost_customers"},
    "metrics.finance": {"is_total", "filters_not_applied"},
    "metrics.marketing": {"is_total", "filters_not_applied"},
    "metrics.pipeline": {"is_total"},
    "metrics.revenue": {"is_total"},
    "reports.churn_analysis": {"is_total"},
    "reports.churn_reasons": {"churned_customers", "customer_share"},
    "reports.evidence_marketing": {"linked_won_deals"},
    "reports.evidence_revenue": {"customers_ever"},
    "reports.forecast_origins": {"subject"},
    "reports.marketing_funnel": {"metric"},
    "reports.metric_values": {"domain", "metric"},
    "reports.retention": {"span_months", "base_customers"},
    "reports.retention_cohorts": {"is_total", "months_since"},
    "reports.slippage": {"dimension"},
    "reports.slippage_deals": {"pushes"},
    "reports.time_in_stage": {"dimension"},
    "reports.what_if": {"metric"},
    "reports.what_if_sets": {"draw", "levers"},
}
# they work on what the caller hands them, and read no model
OF_THEIR_PARAMETERS = {"reports.chain_drivers", "reports.ratio_drivers", "reports.sum_drivers"}
FACTS = {
    "marts.marketing_daily": "metrics.marketing",
    "marts.deal_facts": "metrics.pipeline",
    "marts.revenue_monthly": "metrics.revenue",
    "marts.trailing_months": "metrics.finance",
}


@pytest.fixture(scope="module")
def warehouse(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as opened:
        yield opened


@pytest.fixture(scope="module")
def models(warehouse: Warehouse) -> dict[str, lineage.Lineage]:
    return {name: lineage.lineage(warehouse, name) for name in books.models(warehouse)["name"]}


def described(warehouse: Warehouse, name: str, models: dict[str, lineage.Lineage]) -> list[str]:
    """The columns as DuckDB names them; a macro is asked with null for what it must be given."""
    call = name
    if name in models and models[name].kind == "macro":
        parameters = read_lineage(name, models[name].sql).parameters
        call += f"({', '.join('null' for one in parameters if not one.has_default)})"
    return warehouse.query(f"describe from {call}")["column_name"].to_list()


def test_the_columns_are_those_that_duckdb_names(
    warehouse: Warehouse, models: dict[str, lineage.Lineage]
) -> None:
    for name, model in models.items():
        columns = [column.name for column in model.columns]
        assert columns == described(warehouse, name, models), name


def test_every_origin_is_a_column_of_a_model_that_is_read(
    warehouse: Warehouse, models: dict[str, lineage.Lineage]
) -> None:
    @cache
    def known(relation: str) -> frozenset[str]:
        return frozenset(described(warehouse, relation, models))

    for name, model in models.items():
        for column in model.columns:
            for origin in column.origins:
                relation, _, one = origin.rpartition(".")
                assert relation in model.reads, (name, column.name, origin)
                assert one in known(relation), (name, column.name, origin)


def test_only_what_comes_from_no_column_has_no_origin(models: dict[str, lineage.Lineage]) -> None:
    without = {
        name: {column.name for column in model.columns if not column.origins}
        for name, model in models.items()
        if model.layer != "checks" and name not in OF_THEIR_PARAMETERS
    }
    assert {name: columns for name, columns in without.items() if columns} == WITHOUT_ORIGIN
    for name in OF_THEIR_PARAMETERS:
        assert models[name].reads == ()


def test_every_metric_reaches_the_facts_that_it_is_made_from(
    warehouse: Warehouse, models: dict[str, lineage.Lineage]
) -> None:
    metrics = warehouse.query("select domain, metric from meta.metrics")
    assert set(metrics["domain"]) == {"marketing", "pipeline", "revenue", "finance"}
    for domain, metric in metrics.iter_rows():
        origins = {column.name: column.origins for column in models[f"metrics.{domain}"].columns}[
            metric
        ]
        assert any(origin.startswith("marts.") for origin in origins), (domain, metric)


def test_net_revenue_retention_names_its_two_parts(models: dict[str, lineage.Lineage]) -> None:
    columns = {column.name: column for column in models["metrics.revenue"].columns}
    nrr, base = columns["nrr"], columns["base_mrr_12m"]
    assert base.expression.startswith("COALESCE(SUM(kept.base_mrr_12m) FILTER(")
    assert nrr.expression == "summed.kept_mrr_12m / NULLIF(summed.base_mrr_12m, 0)"
    assert {"marts.revenue_monthly.kept_mrr_12m", "marts.revenue_monthly.base_mrr_12m"} <= set(
        nrr.origins
    )


@pytest.mark.parametrize(("fact", "macro"), FACTS.items())
def test_what_a_changed_column_changes_names_it(
    fact: str,
    macro: str,
    models: dict[str, lineage.Lineage],
    sample_warehouse: Path,
    tmp_path: Path,
) -> None:
    """Each number of the facts is made larger in turn: what differs then comes from it."""
    shutil.copyfile(sample_warehouse, tmp_path / "changed.duckdb")
    (tmp_path / "changed.duckdb").chmod(0o600)
    origins = {column.name: set(column.origins) for column in models[macro].columns}
    moved = set[str]()
    with duckdb.connect(str(tmp_path / "changed.duckdb")) as database:
        numbers = [
            row[0]
            for row in database.execute(f"describe {fact}").fetchall()
            if row[1] in ("BIGINT", "INTEGER", "DOUBLE") or row[1].startswith("DECIMAL")
        ]
        before = database.execute(f"from {macro}()").fetchone()
        for number in numbers:
            database.execute("begin")
            database.execute(f"update {fact} set {number} = 3 * {number} + 1")
            after = database.execute(f"from {macro}()").fetchone()
            database.execute("rollback")
            assert before
            assert after
            for column, old, new in zip(origins, before, after, strict=True):
                if old != new:
                    moved.add(column)
                    assert f"{fact}.{number}" in origins[column], (column, number)
    assert len(moved) > 10
