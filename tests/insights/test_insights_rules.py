"""Each rule speaks when it should, stays quiet when it should, and says when it cannot know."""

from pathlib import Path

import pytest

from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Filters, Warehouse, insights
from revops.insights import Insight, RuleEngine
from revops.insights.context import MONTH_DAYS, Context
from revops.insights.finding import no_data
from revops.insights.question import Rule, Tested
from revops.insights.rules import RULES
from revops.insights.thresholds import load
from tests import tiny_warehouse
from tests.insights import worlds
from tests.insights.cases import BY_NAME, CASES, only
from tests.insights.worlds import HOSTILE

CATEGORY = "data"


@pytest.mark.parametrize(("rule", "segment", "status", "severity"), CASES)
def test_a_rule_judges_its_case(
    world: Warehouse, rule: str, segment: str, status: str, severity: str
) -> None:
    found = only(BY_NAME[rule], world, Filters(segments=[segment]))
    assert (found.status, found.severity) == (status, severity), found.headline


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("member", ["nobody", HOSTILE + "?", "'; select 1; --"])
def test_a_selection_that_matches_nothing_is_no_data(
    world: Warehouse, rule: Rule, member: str
) -> None:
    found = only(rule, world, Filters(segments=[member]))
    # what is wrong with the data is wrong whatever is looked at
    assert (found.status == "no data") == (found.category != "data")


def test_the_best_channel_is_the_one_that_returns_not_the_one_that_costs(world: Warehouse) -> None:
    found = only(BY_NAME["top_channel"], world, Filters(segments=["return loss"]))
    assert found.scope.channels == (HOSTILE,)
    assert found.drivers[0].label == HOSTILE
    # 300,000 won for 10,000 spent
    assert found.evidence[0].value == pytest.approx(29.0)


def test_churn_names_the_reason_that_stands_out(world: Warehouse) -> None:
    found = only(BY_NAME["churn"], world, Filters(segments=["churn wave"]))
    assert "Most often named: Support, 100.0% of 20 losses." in found.headline


def test_a_mix_that_hides_falling_rates_is_named_in_words(world: Warehouse) -> None:
    found = only(BY_NAME["win_rate_mix"], world, Filters(segments=["mix small", "mix large"]))
    assert found.status == "alert"
    # shares 200 and 300 of 500 before, 400 and 100 of 500 now; rates lead the total by 6.5
    # and -8.5 points on average: 0.4 x 6.0 + 0.4 x 9.0 = 6 points; rates -1 point each
    assert found.headline == (
        "The win rate rose although every segment wins less often: 26.0% after 21.0%: "
        "+6.0 points by the mix of segments, −1.0 points by their own rates."
    )
    # one point of 500 deals worth 5,000, in the 92 days of the quarter
    assert found.impact_per_month == pytest.approx(0.01 * 500 * 5000 / (92 / MONTH_DAYS))


@pytest.mark.parametrize(("case", "status"), [("same", "good"), ("thin", "no data")])
def test_a_mix_that_hides_nothing_is_no_news(world: Warehouse, case: str, status: str) -> None:
    pair = [f"{case} small", f"{case} large"]
    assert only(BY_NAME["win_rate_mix"], world, Filters(segments=pair)).status == status


@pytest.mark.parametrize(
    ("rule", "segment", "threshold", "below", "above"),
    [
        ("slippage", "slip owner", "minimum_gap", 0.39, 0.41),
        ("slippage", "slip owner", "minimum_impact_per_month", 52_000, 53_000),
        ("churn", "churn wave", "minimum_lost", 20, 21),
        ("cost_per_lead", "lead dear", "minimum_rise", 0.39, 0.41),
    ],
)
def test_a_threshold_is_where_the_judgement_turns(
    world: Warehouse, rule: str, segment: str, threshold: str, below: float, above: float
) -> None:
    def status(value: float) -> str:
        limits = {**load(), rule: {**load()[rule], threshold: value}}
        engine = RuleEngine([BY_NAME[rule]], limits)
        return engine.insights(world, Filters(segments=[segment]))[0].status

    assert (status(below), status(above)) == ("alert", "good")


def test_the_owner_who_slips_is_named_and_priced(world: Warehouse) -> None:
    found = only(BY_NAME["slippage"], world, Filters(segments=["slip owner"]))
    assert found.scope.owners == (HOSTILE,)
    # 40 deals of 10,000; 60 % slip against 20 %; the quarter looked at has 92 days
    assert found.impact_per_month == pytest.approx(0.4 * 400_000 / (92 / MONTH_DAYS))


def test_all_tests_of_a_run_count_together(world: Warehouse) -> None:
    def chance(context: Context) -> Tested:
        """Are 99 more things asked?"""
        adjusted = yield [1.0] * 99
        assert adjusted == [1.0] * 99
        return no_data(chance, "Nothing was.")

    slip, filters = BY_NAME["slippage"], Filters(segments=["slip owner"])
    alone = only(slip, world, filters).evidence[0]
    among = RuleEngine([chance, slip]).insights(world, filters)[0].evidence[0]
    # the smallest of three p values counts three times, then 102 times
    assert alone.adjusted_p == pytest.approx(3 * alone.p_value)
    assert among.adjusted_p == pytest.approx(102 * alone.p_value)


def test_a_segment_without_a_target_is_held_against_its_own_past(world: Warehouse) -> None:
    found = only(BY_NAME["low_win_rate"], world, Filters(segments=["win fell"]))
    assert found.headline == "win fell wins 30.0% of 200 closed deals; its year before is 60.0%."


def test_the_parts_of_velocity_leave_no_remainder(world: Warehouse) -> None:
    found = only(BY_NAME["velocity"], world, Filters(segments=["velocity slow"]))
    assert sum(driver.share or 0 for driver in found.drivers) == pytest.approx(1)
    assert found.drivers[0].label == "Deal size"


@pytest.mark.slow
def test_one_snapshot_leaves_retention_unknown_and_never_zero(tmp_path: Path) -> None:
    data = worlds.world().write(tmp_path / "data")
    (data / "subscriptions.csv").unlink()
    build(BuildOptions(data=data, warehouse=tmp_path), Log("json"), Progress(enabled=False))
    found = {insight.rule: insight for insight in insights.run(tmp_path / "revops.duckdb")}
    assert found["churn"].status == found["nrr_below_target"].status == "no data"


def test_a_question_a_build_cannot_answer_leaves_the_others_standing(tmp_path: Path) -> None:
    found = insights.run(tiny_warehouse.write(tmp_path / "tiny.duckdb"))
    assert len(found) == len(RULES)
    assert {insight.status for insight in found} == {"no data"}


def test_another_provider_may_take_the_rules_place(world: Warehouse) -> None:
    class Silent:
        def insights(self, warehouse: Warehouse, filters: Filters) -> list[Insight]:
            return []

    assert insights.run(world, provider=Silent()) == []
