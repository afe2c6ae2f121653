"""The rules on spend: beside benchmarks, past saturation, and for nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from revops import Filters
from revops.insights.rules.benchmarks import conversion_below_benchmark, cost_per_lead_off_range
from revops.insights.rules.spend import saturation, wasted_spend
from tests.insights.in_memory import AS_OF, built, said

MODELS = ("marts.marketing_daily", "marts.marketing_campaign_daily", "marts.benchmarks")


def ads(
    channel: str,
    spend: float,
    leads: int,
    opportunities: int = 0,
    campaign: str = "All",
    ago: int = 30,
) -> dict[str, Any]:
    return {
        "date": AS_OF - timedelta(days=ago),
        "channel": channel,
        "campaign": campaign,
        "segment": "SMB",
        "spend": spend,
        "impressions": 0,
        "clicks": 0,
        "leads": leads,
        "MQLs": 0,
        "SQLs": 0,
        "opportunities": opportunities,
        "closed_won": 0,
    }


def benchmark(kind: str, channel: str, segment: str, low: float, high: float) -> dict[str, Any]:
    return {
        "benchmark_id": f"{kind} {channel}",
        "metric_type": kind,
        "category": channel,
        "subcategory": segment,
        "target_value": (low + high) / 2,
        "min_value": low,
        "max_value": high,
        "unit": "ratio",
    }


@pytest.fixture(scope="module")
def company() -> Iterator[duckdb.DuckDBPyConnection]:
    ranges = [
        benchmark("channel_cpl_range", channel, "SMB", 20, 40)
        for channel in ("Dear", "Fair", "Few")
    ]
    rates = [
        benchmark("stage_conversion_benchmarks", channel, "all", 0.10, 0.20)
        for channel in ("Dear", "Fair", "Few")
    ]
    rows = [
        # 60 a lead where 40 is the most; 5 % become opportunities where 10 % is the least
        ads("Dear", 60_000, 1000, 50),
        ads("Fair", 40_000, 1000, 100),
        ads("Few", 2_900, 29, 0),
        # a year ago 1,000 leads for 10,000; now 50 % more money for 2 % more leads, or 50 % more
        ads("Full", 10_000, 1000, 40, ago=30 + 365),
        ads("Full", 15_000, 1020, 40),
        ads("Grows", 10_000, 1000, 40, ago=30 + 365),
        ads("Grows", 15_000, 1500, 40),
        # 60 opportunities for 30,000: 20 for each 10,000, none of them from Barren
        ads("Works", 20_000, 500, 60, campaign="Good"),
        ads("Works", 10_000, 500, 0, campaign="Barren"),
    ]
    con = built({"marketing_channels": rows, "benchmarks": ranges + rates}, *MODELS)
    yield con
    con.close()


@pytest.mark.parametrize(
    ("rule", "channel", "status"),
    [
        (cost_per_lead_off_range, "Dear", "alert"),
        # exactly the most that is usual
        (cost_per_lead_off_range, "Fair", "good"),
        (cost_per_lead_off_range, "Few", "no data"),
        (cost_per_lead_off_range, "Full", "no data"),
        (conversion_below_benchmark, "Dear", "alert"),
        (conversion_below_benchmark, "Fair", "good"),
        (conversion_below_benchmark, "Few", "no data"),
        (saturation, "Full", "alert"),
        (saturation, "Grows", "good"),
        (saturation, "Dear", "no data"),
        (wasted_spend, "Works", "alert"),
        (wasted_spend, "Fair", "good"),
        (wasted_spend, "Nobody", "no data"),
    ],
)
def test_a_rule_on_spend_judges_its_channel(
    company: duckdb.DuckDBPyConnection, rule: Any, channel: str, status: str
) -> None:
    found = said(company, rule, Filters(channels=[channel]))
    assert found.status == status, found.headline


@pytest.mark.parametrize(
    ("rule", "channel", "limit", "below", "above"),
    [
        # 50 % more money
        (saturation, "Full", "minimum_growth", 0.50, 0.51),
        # 250 for a further lead, where 10 was usual
        (saturation, "Full", "marginal_multiple", 24.9, 25.1),
        # 50,000 more than 40 a lead would be in 91 days
        (cost_per_lead_off_range, "Dear", "minimum_impact_per_month", 6_600, 6_700),
        (cost_per_lead_off_range, "Dear", "minimum_leads", 1000, 1001),
    ],
)
def test_a_limit_is_where_the_judgement_turns(
    company: duckdb.DuckDBPyConnection,
    rule: Any,
    channel: str,
    limit: str,
    below: float,
    above: float,
) -> None:
    filters = Filters(channels=[channel])
    assert said(company, rule, filters, **{limit: below}).status == "alert"
    assert said(company, rule, filters, **{limit: above}).status in ("good", "no data")


def test_what_it_costs_is_what_was_spent_beyond_it(company: duckdb.DuckDBPyConnection) -> None:
    dear = said(company, cost_per_lead_off_range, Filters(channels=["Dear"]))
    # 60,000 less 1,000 leads at 40, in 91 days
    assert dear.impact_per_month == pytest.approx(20_000 / (91 / 30.4375))
    barren = said(company, wasted_spend, Filters(channels=["Works"]))
    assert barren.headline == (
        "Barren (Works) brought no opportunity; its spend brings 20 in the whole channel."
    )
    assert barren.scope.campaigns == ("Barren",)


def test_a_window_without_a_start_is_not_priced(company: duckdb.DuckDBPyConnection) -> None:
    found = said(
        company,
        cost_per_lead_off_range,
        Filters(channels=["Dear"], until=date(2026, 11, 1)),
    )
    # nobody can say what it costs a month: worth a look, and no alarm
    assert (found.status, found.impact_per_month) == ("watch", None)
