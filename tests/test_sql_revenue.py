"""Recurring revenue: cases worked by hand, and windows, filters and policies of the macro."""

import csv
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.policy import Policy
from tests.support.worlds import World, csv_rows, query, warehouse

CASES = sorted((Path(__file__).parent / "cases").glob("revenue_*"))
INPUTS = ("subscriptions", "revenue_customers", "pipeline_deals")
MODELS = (
    "marts.customer_months",
    "marts.mrr_movements",
    "marts.revenue_monthly",
    "metrics.revenue",
    "reports.mrr_waterfall",
    "reports.mrr_by_segment",
    "reports.churn_reasons",
    "checks.customers_disagree_with_subscriptions",
    "checks.subscriptions_of_unknown_customers",
)
# What an expected_<name>.csv is compared with.
ANSWERS = {
    "movements": "select * from marts.mrr_movements order by customer_id, month, movement",
    "customer_months": "select * from marts.customer_months order by customer_id, month",
    "waterfall": "select * from reports.mrr_waterfall()",
    "waterfall_pro": "select * from reports.mrr_waterfall(plans := ['Pro'])",
    "total": "select * from metrics.revenue()",
    "months": "select * from metrics.revenue(\"by\" := 'month')",
    "segments": "select * from metrics.revenue(\"by\" := 'segment')",
    "plans": "select * from metrics.revenue(\"by\" := 'plan')",
    "channels": "select * from metrics.revenue(\"by\" := 'channel')",
    "churn_reasons": "select * from reports.churn_reasons()",
    "disagreements": "select * from checks.customers_disagree_with_subscriptions",
    "unknown_customers": "select * from checks.subscriptions_of_unknown_customers",
}


def world(folder: Path) -> World:
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    rows = {
        name: csv_rows(folder / f"{name}.csv", name)
        for name in INPUTS
        if (folder / f"{name}.csv").exists()
    }
    return World(rows, as_of=case["as_of"], policy=Policy(**case.get("policy", {})))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case_worked_by_hand(folder: Path) -> None:
    con = warehouse(world(folder), MODELS)
    for path in sorted(folder.glob("expected_*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            expected = list(csv.DictReader(lines))
        found = query(con, ANSWERS[path.stem.removeprefix("expected_")])
        named = [{name: _text(row[name]) for name in expected[0]} for row in found]
        assert named == [{k: _number(v) for k, v in row.items()} for row in expected], path.name


def _text(value: Any) -> str | float:
    """A cell as its CSV says it: empty for unknown, numbers as numbers."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return pytest.approx(float(value), rel=1e-12)
    return "" if value is None else str(value)


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
