"""From an insight to its metric: the very number where there is one, and what moved just that."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from revops import Filters, Warehouse, metrics
from revops.insights.leads import Lead, lead, movement
from revops.insights.model import Evidence, Insight

YEAR = Filters("2025-11-01", "2026-11-01")
BEFORE = Filters("2024-11-01", "2025-11-01")


@pytest.fixture(scope="module")
def warehouse(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as opened:
        yield opened


def insight(*evidence: Evidence, scope: Filters = YEAR, category: str = "pipeline") -> Insight:
    return Insight("a_rule", category, "alert", "high", "…", "", evidence, scope=scope)


def told(name: str, value: float | None) -> Evidence:
    return Evidence(name, name, value, "ratio", "select 1 as value")


def test_the_evidence_that_is_the_metric_itself_leads(warehouse: Warehouse) -> None:
    value = metrics.total(warehouse, "pipeline", YEAR)["win_rate"]
    found = lead(warehouse, insight(told("roi", 5.0), told("win_rate", value)), YEAR)
    assert found == Lead("pipeline.win_rate", YEAR, is_same=True)


def test_another_number_than_the_metrics_still_leads_to_it_but_is_not_explained(
    warehouse: Warehouse,
) -> None:
    found = lead(warehouse, insight(told("win_rate", 0.5)), YEAR)
    assert found == Lead("pipeline.win_rate", YEAR, is_same=False)
    assert movement(warehouse, found, BEFORE) is None


def test_a_step_of_the_funnel_leads_to_what_it_ends_with(warehouse: Warehouse) -> None:
    found = lead(warehouse, insight(told("mqls_to_sqls", 0.4), category="marketing"), YEAR)
    assert found is not None
    assert found.metric == "marketing.sqls"


def test_a_name_that_ends_like_a_step_but_is_a_metric_stays_itself(warehouse: Warehouse) -> None:
    found = lead(warehouse, insight(told("ltv_to_cac", 3.0), category="revenue"), YEAR)
    assert found is not None
    assert found.metric == "finance.ltv_to_cac"


def test_evidence_outside_the_catalogue_leads_nowhere(warehouse: Warehouse) -> None:
    assert lead(warehouse, insight(told("churn_reason_share", 0.7)), YEAR) is None
    assert lead(warehouse, insight(), YEAR) is None


def test_a_standing_is_looked_at_in_the_pages_window(warehouse: Warehouse) -> None:
    scope = Filters(segments="SMB")
    found = lead(warehouse, insight(told("stuck_deals", 1.0), scope=scope), YEAR)
    assert found is not None
    assert found.filters == replace(YEAR, segments=("SMB",))


def test_the_parts_add_up_to_what_the_very_number_moved(warehouse: Warehouse) -> None:
    value = metrics.total(warehouse, "pipeline", YEAR)["win_rate"]
    found = lead(warehouse, insight(told("win_rate", value)), YEAR)
    assert found is not None
    moved = movement(warehouse, found, BEFORE)
    assert moved is not None
    assert moved.value_now == pytest.approx(value, abs=1e-12)
    assert sum(part.contribution for part in moved.parts) == pytest.approx(
        moved.value_now - moved.value_before, abs=1e-12
    )


def test_without_anything_to_compare_with_or_exact_parts_nothing_is_said(
    warehouse: Warehouse,
) -> None:
    value = metrics.total(warehouse, "pipeline", YEAR)["win_rate"]
    found = lead(warehouse, insight(told("win_rate", value)), YEAR)
    assert found is not None
    assert movement(warehouse, found, None) is None
    median = Lead("pipeline.sales_cycle_median_days", YEAR, is_same=True)
    assert movement(warehouse, median, BEFORE) is None
