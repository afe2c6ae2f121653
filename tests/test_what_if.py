"""What a window would have come to: the same sums, multiplied and divided again."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops import Filters, Warehouse, metrics, what_if
from revops.errors import ScenarioError
from revops.what_if import LEVERS, Scenario
from tests.support.open_world import OpenWorld
from tests.support.worlds import World, warehouse

HOSTILE = "SMB\"]\n[change]\nprice = 4 # O'Brien"
QUARTER = Filters("2026-04-01", "2026-07-01")
CHANGES = st.floats(-0.9, 4.0)


@pytest.fixture(scope="module")
def world() -> Iterator[OpenWorld]:
    """Search: 1,000 spent, 50 leads, 4 of 10 deals won at 100; no channel: 1 of 2 at 300."""
    day = date(2026, 5, 10)
    closed = {"created_at": date(2026, 4, 1), "expected_close": day, "last_stage_change": day}
    deals = [
        {
            "deal_id": f"D{number}", "account": f"A{number}", "segment": "SMB", "owner": "Ada",
            "stage": "Closed", "status": "Closed_Won" if number in (0, 1, 2, 3, 10) else
            "Closed_Lost", "amount": 100 if number < 10 else 300,
            "source_channel": "Search" if number < 10 else None, **closed,
        }
        for number in range(12)
    ]  # fmt: skip
    # C pays 200 all along; A0, won through Search, joins at 100; B leaves with 50
    paid = [
        ("C", date(2026, 1, 1), None, 200), ("A0", date(2026, 5, 10), None, 100),
        ("B", date(2026, 1, 1), date(2026, 6, 10), 50),
    ]  # fmt: skip
    rows = {
        "pipeline_deals": deals,
        "marketing_channels": [
            {"date": day, "channel": "Search", "segment": "SMB", "spend": 1000, "leads": 50}
        ],
        "subscriptions": [
            {"subscription_id": f"S{name}", "customer_id": name, "start_date": start,
             "end_date": end, "mrr": mrr, "plan": "Pro"}
            for name, start, end, mrr in paid
        ],
        "revenue_customers": [
            {"customer_id": name, "account": name, "segment": "SMB", "plan": "Pro",
             "start_date": start, "mrr": 0 if end else mrr, "churned_flag": end is not None,
             "churn_date": end}
            for name, start, end, mrr in paid
        ],
    }  # fmt: skip
    wanted = ["metrics.marketing", "metrics.pipeline", "metrics.revenue", "metrics.finance"]
    wanted += ["reports.what_if", "reports.evidence_pipeline"]
    with OpenWorld(warehouse(World(rows, as_of=date(2026, 6, 30)), wanted)) as opened:
        yield opened


def moved(world: Warehouse, **changes: float) -> what_if.Outcome:
    return what_if.run(world, Scenario(filters=QUARTER, draws=0, **changes))  # type: ignore[arg-type]


def change(outcome: what_if.Outcome, metric: str) -> float:
    return round(outcome.result(metric).change or 0, 6)


def test_without_a_lever_everything_is_as_the_metrics_say(world: OpenWorld) -> None:
    found = what_if.run(world, Scenario(filters=QUARTER))
    assert "stays as it was" in found.sentence
    for domain, names in (
        ("marketing", ("spend", "leads", "cpl")),
        ("pipeline", ("win_rate", "won_deals", "won_amount")),
        ("revenue", ("mrr",)),
    ):
        told = metrics.total(world, domain, QUARTER)
        for name in names:
            one = found.result(name)
            assert one.before == one.after == one.low == one.high == float(told[name]), name
            assert one.effects == ()


def test_each_lever_by_hand(world: OpenWorld) -> None:
    # 4 and 1 wins x 1.5 = 6 and 1.5; 700 x 1.5; new MRR follows the wins: 100 x 0.5
    more = moved(world, win_rate=0.5)
    assert (change(more, "won_deals"), change(more, "won_amount")) == (2.5, 350)
    assert (change(more, "new_mrr"), change(more, "mrr")) == (50, 50)
    # a cycle of 4/5 closes 5/4 of the deals, at the same rate
    faster = moved(world, sales_cycle=-0.2)
    assert (change(faster, "won_deals"), change(faster, "win_rate")) == (1.25, 0)
    # 20 % of the 50 that left stays
    assert change(moved(world, churn=-0.2), "mrr") == 10
    # twice the spend: Search's deals follow, the 300 without a channel do not
    dear = moved(world, spend=1.0)
    assert (change(dear, "leads"), change(dear, "cpl"), change(dear, "won_amount")) == (50, 0, 400)
    # ... and by the root of 2 when the channel is near saturation: 2000 / 70.7 a lead
    flat = moved(world, spend=1.0, leads_per_spend=0.5)
    assert isclose(flat.result("cpl").after or 0, 2000 / (50 * 2**0.5))
    assert change(moved(world, price=0.1), "won_amount") == 70


def test_no_more_is_won_than_is_decided(world: OpenWorld) -> None:
    # Search could only win 10 of 10, the others 2 of 2
    assert moved(world, win_rate=4.0).result("win_rate").after == 1
    assert moved(world, win_rate=4.0).result("won_deals").after == 12


@settings(max_examples=15)
@given(CHANGES, CHANGES, CHANGES, CHANGES, CHANGES)
def test_the_effects_add_up(
    world: OpenWorld, rate: float, cycle: float, churn: float, spend: float, price: float
) -> None:
    found = moved(world, win_rate=rate, sales_cycle=cycle, churn=churn, spend=spend, price=price)
    for one in found.results:
        assert one.before is not None
        assert one.after is not None
        size = max(abs(one.before), abs(one.after), 1)
        added = sum(effect.change for effect in one.effects)
        assert isclose(added, one.after - one.before, abs_tol=1e-8 * size), one.metric


def test_the_same_seed_draws_the_same_ranges(world: OpenWorld) -> None:
    scenario = Scenario(filters=QUARTER, win_rate=0.5)
    first, again = (what_if.run(world, scenario) for _ in range(2))
    assert first == again
    one = first.result("won_amount")
    (effect,) = one.effects
    assert effect.low < effect.change < effect.high
    # 5 of 12 won: few cases leave much open
    assert effect.high - effect.low > effect.change / 4
    assert what_if.run(world, dataclasses.replace(scenario, seed=2)) != first


def test_one_snapshot_leaves_mrr_unknown() -> None:
    rows = {
        "revenue_customers": [
            {"customer_id": "C", "account": "C", "segment": "SMB", "plan": "Pro",
             "start_date": date(2026, 1, 1), "mrr": 100, "churned_flag": False}
        ]
    }  # fmt: skip
    wanted = ["metrics.marketing", "metrics.pipeline", "metrics.revenue", "metrics.finance"]
    wanted += ["reports.what_if", "reports.evidence_pipeline"]
    with OpenWorld(warehouse(World(rows, as_of=date(2026, 6, 30)), wanted)) as bare:
        found = what_if.run(bare, Scenario(churn=-0.2))
    assert found.result("mrr").after is None
    assert found.result("mrr").change is None
    assert found.result("mrr").effects == ()
    assert found.sentence.endswith("what MRR would have been is not known.")


def test_a_filter_it_cannot_keep_is_named(world: OpenWorld) -> None:
    assert what_if.run(world, Scenario(filters=Filters(plans=["Pro"]))).not_applied == ("plans",)


def test_the_sql_shown_gives_the_values(world: OpenWorld) -> None:
    found = moved(world, win_rate=0.5, price=-0.1)
    rows = {(metric, lever): value for _, metric, lever, value in world.query(found.sql).rows()}
    for one in found.results:
        assert rows[one.metric, "before"] == one.before
        assert rows[one.metric, "after"] == one.after


@pytest.mark.parametrize("name", ["Win more", HOSTILE, 'quote " back \\ slash', "Ünïcode ✓"])
def test_a_scenario_comes_back_from_its_file(name: str, tmp_path: Path) -> None:
    scenario = Scenario(
        name=name,
        filters=Filters("2026-04-01", "2026-07-01", segments=[name, "SMB"]),
        win_rate=0.1,
        churn=-0.25,
        leads_per_spend=0.5,
        seed=7,
    )
    path = tmp_path / "scenario.toml"
    what_if.save(scenario, path)
    assert what_if.load(path) == scenario
    assert scenario.changes == {"win_rate": 0.1, "churn": -0.25}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[change]\nwinrate = 0.1", "no key 'winrate'"),
        ("[changes]\nwin_rate = 0.1", "no table"),
        ("name = 3", "is text"),
        ("[change]\nwin_rate = 'much'", "no value of win_rate"),
        ("[change]\nsales_cycle = -1.0", "no value of sales_cycle"),
        ("[change]\nprice = nan", "no value of price"),
        ("[change]\nprice = true", "no value of price"),
        ("[ranges]\ndraws = 1.5", "whole number"),
        ("[assumptions]\nleads_per_spend = 1.1", "no value of leads_per_spend"),
        ("[window]\nsince = 2026-07-01\nuntil = 2026-01-01", "window cannot be read"),
        ("[window]\nsegments = 3", "window cannot be read"),
        ("[change", "not TOML"),
    ],
)
def test_a_mistaken_scenario_is_refused_in_words(text: str, what: str) -> None:
    with pytest.raises(ScenarioError, match=what):
        what_if.loads(text)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        what_if.load(tmp_path / "none.toml")


def test_a_lever_is_set_in_percent() -> None:
    scenario = Scenario().with_percent("churn", -12.5).over(QUARTER)
    assert (scenario.churn, scenario.percent("churn"), scenario.filters) == (-0.125, -12.5, QUARTER)
    with pytest.raises(ScenarioError):
        scenario.with_percent("churn", -100)
    assert set(LEVERS) <= {one.name for one in dataclasses.fields(Scenario)}
