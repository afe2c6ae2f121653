"""The view `kpis`: every KPI of the catalogue, over the whole data set, with its parts."""

from datetime import date
from typing import Any

import duckdb
import pytest

from pipeline.policy import Policy
from tests.support.questions import is_same
from tests.support.worlds import World, query, warehouse

MODELS = ("reports.kpis",)
AGREED = {
    "marketing": "spend impressions clicks leads mqls sqls opportunities closed_won cpl ctr"
    " media_cac roi reported_roi",
    "pipeline": "open_deals open_pipeline weighted_pipeline average_deal win_rate"
    " win_rate_by_amount won_deals lost_deals won_amount sales_cycle_median_days"
    " sales_cycle_p75_days velocity_per_day stuck_deals stuck_amount",
    "revenue": "mrr arr paying_customers arpa asp nrr grr quick_ratio logo_churn gross_mrr_churn"
    " lifetime_churn_share",
    "finance": "cac ltv ltv_to_cac cac_payback_months gross_margin magic_number burn_multiple"
    " rule_of_40 net_new_arr",
}
DEAL = {
    "deal_id": "D-1", "stage": "Demo", "status": "Closed_Won", "amount": 300, "segment": "SMB",
    "source_channel": "Email", "created_at": date(2024, 2, 10),
    "last_stage_change": date(2024, 3, 1),
}  # fmt: skip
SPEND = {
    "date": date(2024, 2, 5), "channel": "Email", "segment": "SMB", "spend": 100,
    "impressions": 1000, "clicks": 50, "leads": 5, "MQLs": 4, "SQLs": 3, "opportunities": 2,
    "closed_won": 1,
}  # fmt: skip
ROWS: dict[str, list[dict[str, Any]]] = {
    "marketing_channels": [SPEND, {**SPEND, "date": date(2025, 3, 20)}],
    "pipeline_deals": [
        DEAL,
        {**DEAL, "deal_id": "D-2", "status": "Closed_Lost", "amount": 100},
        {**DEAL, "deal_id": "D-3", "status": "Open", "last_stage_change": None},
    ],
    "subscriptions": [
        {"subscription_id": "S-1", "customer_id": "C-1", "mrr": 10,
         "start_date": date(2024, 1, 1), "end_date": None},
    ],
    "revenue_customers": [
        {"customer_id": "C-1", "start_date": date(2024, 1, 1), "mrr": 10, "churned_flag": False},
    ],
    "benchmarks": [
        {"benchmark_id": "B-1", "metric_type": "win_rate_targets", "category": "all",
         "subcategory": "all", "target_value": 0.25, "unit": "ratio"},
        {"benchmark_id": "B-2", "metric_type": "sales_cycle_by_segment", "category": "SMB",
         "subcategory": "all", "target_value": 30, "unit": "days"},
    ],
}  # fmt: skip
AS_OF = date(2025, 3, 20)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return warehouse(World(ROWS, AS_OF), MODELS)


def kpis(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    return {row["metric"]: row for row in query(con, "select * from reports.kpis")}


def test_the_columns_and_metrics_are_the_agreed_ones(con: duckdb.DuckDBPyConnection) -> None:
    rows = query(con, "select * from reports.kpis")
    assert list(rows[0]) == [
        "domain", "metric", "label", "value", "unit", "numerator", "denominator", "benchmark",
        "as_of", "period_start", "period_end",
    ]  # fmt: skip
    found = {domain: " ".join(row["metric"] for row in rows if row["domain"] == domain)
             for domain in AGREED}  # fmt: skip
    assert found == AGREED


def test_values_and_parts_are_those_of_the_total_rows(con: duckdb.DuckDBPyConnection) -> None:
    for domain in AGREED:
        [total] = query(con, f"select * from metrics.{domain}()")
        catalogue = query(con, "select * from meta.metrics where domain = ?", domain)
        for metric in (row for row in catalogue if row["role"] == "kpi"):
            kpi = kpis(con)[metric["metric"]]
            assert is_same(kpi["value"], total[metric["metric"]])
            for part in ("numerator", "denominator"):
                expected = total[metric[part]] if metric[part] else None
                assert is_same(kpi[part], expected), (metric["metric"], part)


def test_the_worked_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """200 spent on 10 leads; 1 of 2 closed deals won; of the 400 decided, 300.

    Deals begin on 10 February 2024, after the first 100 were spent: the return is
    on the other 100, (300 - 100) / 100.
    """
    found = kpis(con)
    assert found["cpl"]["value"] == 20
    assert found["roi"]["value"] == 2
    assert found["win_rate"]["value"] == 0.5
    assert found["win_rate_by_amount"]["value"] == 0.75
    assert found["sales_cycle_median_days"]["value"] == 20
    assert found["mrr"]["value"] == 10


def test_a_benchmark_stands_only_beside_the_whole(con: duckdb.DuckDBPyConnection) -> None:
    found = kpis(con)
    assert found["win_rate"]["benchmark"] == 0.25
    assert found["sales_cycle_median_days"]["benchmark"] is None


@pytest.mark.parametrize(
    ("metric", "start", "end"),
    [
        ("spend", date(2024, 2, 5), date(2025, 3, 21)),
        ("roi", date(2024, 2, 10), date(2025, 3, 21)),
        ("win_rate", date(2024, 2, 10), date(2025, 3, 21)),
        ("open_pipeline", AS_OF, date(2025, 3, 21)),
        ("mrr", AS_OF, date(2025, 3, 21)),
        # March is not over: February is the last complete month
        ("nrr", date(2024, 3, 1), date(2025, 3, 1)),
        ("logo_churn", date(2025, 2, 1), date(2025, 3, 1)),
    ],
)
def test_periods_end_before_their_last_day(
    con: duckdb.DuckDBPyConnection, metric: str, start: date, end: date
) -> None:
    kpi = kpis(con)[metric]
    assert (kpi["period_start"], kpi["period_end"], kpi["as_of"]) == (start, end, AS_OF)


def test_an_empty_warehouse_knows_nothing_and_says_so() -> None:
    con = warehouse(World({}, AS_OF, Policy()), MODELS)
    found = kpis(con)
    assert {name for row in AGREED.values() for name in row.split()} == set(found)
    known = {name: row["value"] for name, row in found.items() if row["value"] is not None}
    # the deals file is there and lists none: that much is known
    assert {name: known[name] for name in ("open_deals", "stuck_deals")} == dict.fromkeys(
        ("open_deals", "stuck_deals"), 0
    )
    assert not {"spend", "win_rate", "won_amount", "cpl", "roi"} & set(known)
