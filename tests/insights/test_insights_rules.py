"""Each rule speaks when it should, stays quiet when it should, and says when it cannot know."""

from pathlib import Path

import pytest

from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Filters, Warehouse, insights
from revops.insights import Insight
from revops.insights.engine import Rule
from revops.insights.rules import RULES
from tests import tiny_warehouse
from tests.insights import worlds
from tests.insights.cases import BY_NAME, CASES, only
from tests.insights.worlds import HOSTILE

# One worker builds the world that these tests share.
pytestmark = pytest.mark.xdist_group("insights")


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
    assert only(rule, world, Filters(segments=[member])).status == "no data"


def test_the_best_channel_is_the_one_that_returns_not_the_one_that_costs(world: Warehouse) -> None:
    found = only(BY_NAME["top_channel"], world, Filters(segments=["return loss"]))
    assert found.scope.channels == (HOSTILE,)
    assert found.drivers[0].label == HOSTILE
    # 300,000 won for 10,000 spent
    assert found.evidence[0].value == pytest.approx(29.0)


def test_churn_names_the_reason_that_stands_out(world: Warehouse) -> None:
    found = only(BY_NAME["churn"], world, Filters(segments=["churn wave"]))
    # In two months 20 left, of whom none named Budget, which was all that was ever named before.
    assert "What rose most is Support, named by 100.0% of the 20 who left." in found.headline


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
