"""Odd rows, or none, make a rule quiet; they never make it fall over."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revops import Filters, insights
from revops.insights.rules import RULES
from revops.unpublished import UnpublishedWarehouse
from tests.insights.in_memory import AS_OF, built
from tests.insights.test_rules_marketing import MODELS, ads, benchmark

RULES_ON_SPEND = [
    rule for rule in RULES if rule.__module__.rpartition(".")[2] in (
        "benchmarks", "spend", "cost_per_lead",
    )
]  # fmt: skip


def told(rows: dict[str, Any], *models: str) -> list[insights.Insight]:
    con = built(rows, *models)
    with UnpublishedWarehouse(con) as opened:
        found = insights.run(opened)
    con.close()
    return found


@pytest.mark.slow
def test_nothing_at_all_is_known_of_a_company_without_rows() -> None:
    # a file without a row still names its columns; one lonely day dates the build
    found = told({"marketing_channels": [ads("Lonely", 0, 0, ago=0)]})
    assert len(found) == len(RULES)
    assert not [one.headline for one in found if one.is_news]


@pytest.mark.slow
def test_free_leads_and_ranges_of_nothing_break_no_rule() -> None:
    rows = [ads("Free", 0, 500, ago=7 * week) for week in range(120)]
    rows += [ads("Paid", 100 if week < 20 else 0, 500, ago=7 * week) for week in range(120)]
    ranges = [benchmark("channel_cpl_range", name, "SMB", 0, 0) for name in ("Free", "Paid")]
    ranges += [benchmark("stage_conversion_benchmarks", "Free", "all", 0, 0)]
    customers = [
        {"customer_id": f"c{day}", "segment": "SMB", "start_date": AS_OF - timedelta(days=day),
         "mrr": 0, "churned_flag": False}
        for day in range(0, 900, 30)
    ]  # fmt: skip
    deals = [
        {"deal_id": f"d{day}", "segment": "SMB", "owner": "Ann", "stage": state, "status": state,
         "amount": 0, "created_at": AS_OF - timedelta(days=day), "source_channel": "Free",
         "last_stage_change": AS_OF - timedelta(days=day)}
        for day in range(0, 900, 5)
        for state in ("Closed_Won", )
    ]  # fmt: skip
    found = told(
        {
            "marketing_channels": rows,
            "benchmarks": ranges,
            "revenue_customers": customers,
            "pipeline_deals": deals,
            "finance": [{"month": date(2026, month, 1), "sales_marketing_expense": 0, "revenue": 0,
                         "cost_of_revenue": 0, "net_burn": 0} for month in range(1, 11)],
        }
    )  # fmt: skip
    assert len(found) == len(RULES)
    assert not [one.headline for one in found if one.status == "alert"]


weeks = st.tuples(st.integers(0, 130), st.integers(0, 3000), st.integers(0, 400))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(weeks, max_size=60), st.floats(0, 100))
def test_no_spend_breaks_a_rule_on_spend(rows: list[tuple[int, int, int]], most: float) -> None:
    con = built(
        {
            "marketing_channels": [
                ads("Any", spend, leads, leads // 10, ago=7 * week) for week, spend, leads in rows
            ]
            or [ads("Any", 0, 0, ago=0)],
            "benchmarks": [benchmark("channel_cpl_range", "Any", "SMB", 0, most)],
        },
        *MODELS,
    )
    with UnpublishedWarehouse(con) as opened:
        found = insights.RuleEngine(RULES_ON_SPEND).insights(opened, Filters())
    con.close()
    assert len(found) == len(RULES_ON_SPEND)
