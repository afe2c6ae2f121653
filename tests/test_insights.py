"""Each rule speaks when it should, stays quiet when it should, and says when it cannot know."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Filters, Warehouse, insights, opening, units
from revops.errors import ThresholdError
from revops.insights import Evidence, Insight, RuleEngine, describe_rules, load_thresholds
from revops.insights.confidence import confidence
from revops.insights.engine import Rule
from revops.insights.intervals import discoveries, p_two_shares, wilson
from revops.insights.rules import RULES
from tests import insight_worlds, tiny_warehouse
from tests.insight_worlds import HOSTILE

# One worker builds the world that these tests share.
pytestmark = pytest.mark.xdist_group("insights")

BY_NAME = {rule.__name__: rule for rule in RULES}

CASES = [
    ("top_channel", "return loss", "good", "low"),
    ("top_channel", "return even", "good", "none"),
    ("top_channel", "return few", "no data", "none"),
    ("low_return", "return loss", "alert", "high"),
    ("low_return", "return even", "good", "none"),
    ("low_return", "return doubtful", "watch", "medium"),
    ("low_return", "return floor", "good", "none"),
    ("low_return", "stuck half", "no data", "none"),
    ("weak_funnel_step", "funnel lost 40", "alert", "high"),
    ("weak_funnel_step", "funnel lost 16", "watch", "medium"),
    ("weak_funnel_step", "funnel lost 14", "good", "none"),
    ("weak_funnel_step", "funnel steady", "good", "none"),
    ("weak_funnel_step", "return even", "no data", "none"),
    ("low_win_rate", "win low", "alert", "high"),
    ("low_win_rate", "win fair", "good", "none"),
    ("low_win_rate", "win doubtful", "watch", "medium"),
    ("low_win_rate", "win 20 closed", "good", "none"),
    ("low_win_rate", "win 19 closed", "no data", "none"),
    ("low_win_rate", "win fell", "alert", "high"),
    ("low_win_rate", HOSTILE, "alert", "high"),
    ("stuck_deals", "stuck half", "alert", "high"),
    ("stuck_deals", "stuck quarter", "watch", "medium"),
    ("stuck_deals", "stuck fifth", "good", "none"),
    ("stuck_deals", "stuck nine", "no data", "none"),
    ("velocity", "velocity slow", "alert", "high"),
    ("velocity", "velocity same", "good", "none"),
    ("velocity", "velocity fast", "good", "low"),
    ("velocity", "velocity few", "no data", "none"),
    ("churn", "churn wave", "alert", "high"),
    ("churn", "churn usual", "good", "none"),
    ("churn", "churn four", "good", "none"),
    ("churn", "churn calmed", "good", "none"),
    ("churn", "churn few", "no data", "none"),
    ("nrr_below_target", "nrr shrunk", "alert", "high"),
    ("nrr_below_target", "nrr held", "good", "none"),
    ("nrr_below_target", "nrr missed", "alert", "high"),
    ("nrr_below_target", "nrr twenty", "alert", "high"),
    ("nrr_below_target", "nrr nineteen", "no data", "none"),
]


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("insights")
    data = insight_worlds.world().write(folder / "data")
    build(BuildOptions(data=data, warehouse=folder), Log("json"), Progress(enabled=False))
    return folder / "revops.duckdb"


@pytest.fixture(scope="module")
def world(world_file: Path) -> Iterator[Warehouse]:
    with Warehouse(world_file) as warehouse:
        yield warehouse


def _plain(path: Path) -> duckdb.DuckDBPyConnection:
    """Somebody else's read-only connection; DuckDB wants equal settings within a process."""
    return duckdb.connect(str(path), read_only=True, config=opening.settings("1GB", None))


def only(rule: Rule, warehouse: Warehouse, filters: Filters) -> Insight:
    (found,) = RuleEngine([rule]).insights(warehouse, filters)
    return found


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
    assert "Most often named: Support, 83.3% of 30 losses." in found.headline


def test_a_segment_without_a_target_is_held_against_its_own_past(world: Warehouse) -> None:
    found = only(BY_NAME["low_win_rate"], world, Filters(segments=["win fell"]))
    assert found.headline == "win fell wins 30.0% of 200 closed deals; its year before is 60.0%."


def test_the_parts_of_velocity_leave_no_remainder(world: Warehouse) -> None:
    found = only(BY_NAME["velocity"], world, Filters(segments=["velocity slow"]))
    assert sum(driver.share or 0 for driver in found.drivers) == pytest.approx(1)
    assert found.drivers[0].label == "Deal size"


@pytest.mark.parametrize("source", ["world", "sample"])
def test_the_sql_shown_gives_the_number_in_the_sentence(
    world: Warehouse, sample_warehouse: Path, source: str
) -> None:
    if source == "world":
        path = world.file
        found = [only(BY_NAME[case[0]], world, Filters(segments=[case[1]])) for case in CASES]
    else:
        path = sample_warehouse
        found = insights.run(path) + insights.run(path, Filters(segments=["SMB"]))
    evidence = [one for insight in found for one in insight.evidence]
    with _plain(path) as plain:
        for one in evidence:
            answer = plain.sql(one.sql)
            row = dict(zip(answer.columns, answer.fetchall()[0], strict=True))
            assert float(row["value"]) == pytest.approx(one.value, rel=1e-9), one.label
            assert row.get("n") in (None, one.n)
    assert len(evidence) > 15


def test_no_sentence_holds_a_number_without_evidence(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as warehouse:
        for insight in insights.run(warehouse):
            if insight.status == "no data":
                continue
            said = re.findall(r"[−$]*\d[\d,.]*(?:[KMB%]|/day)*", insight.headline)
            backed = {
                units.format(value, unit)
                for one in insight.evidence
                for value, unit in (
                    (one.value, one.unit),
                    (one.baseline, one.unit),
                    (one.n, "count"),
                )
            }
            # "12 months ago" is the metric's definition, not a finding
            loose = {number.rstrip(".,") for number in said} - backed - {"12"}
            assert not loose, insight.headline


def test_news_carries_what_to_do_and_how_sure_it_is(sample_warehouse: Path) -> None:
    found = insights.run(sample_warehouse)
    assert [insight.rule for insight in found if insight.is_news]
    for insight in found:
        assert insight.why
        assert bool(insight.actions) == insight.is_news
        if insight.status in ("alert", "watch") or insight.severity == "low":
            assert insight.confidence is not None
            assert 0 <= insight.confidence <= 1
        json.dumps(insight.to_dict())


def test_one_snapshot_leaves_retention_unknown_and_never_zero(tmp_path: Path) -> None:
    data = insight_worlds.world().write(tmp_path / "data")
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


def test_every_rule_explains_itself_and_has_its_thresholds() -> None:
    for name, text in describe_rules().items():
        assert "Why: " in text
        assert "Do: " in text
        assert load_thresholds()[name]


def test_thresholds_can_be_set_and_move_the_judgement(world: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[stuck_deals]\nwatch_share = 0.10\n")
    engine = RuleEngine([BY_NAME["stuck_deals"]], load_thresholds(file))
    (found,) = engine.insights(world, Filters(segments=["stuck fifth"]))
    assert found.status == "watch"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[stuck_deal]\nwatch_share = 1", "There is no rule 'stuck_deal'."),
        ("[stuck_deals]\nwach_share = 1", "There is no threshold 'wach_share'."),
        ("[stuck_deals]\nwatch_share = 'x'", "'x' is not a number."),
        ("stuck_deals = 3", "There is no rule 'stuck_deals'."),
        ("[stuck_deals", "The thresholds file is not TOML"),
    ],
)
def test_a_mistaken_threshold_is_refused_in_words(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(ThresholdError) as told:
        load_thresholds(file)
    assert told.value.what.startswith(what)


def test_wilson_is_the_textbooks() -> None:
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662
    found = wilson(81, 263)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) is None


def test_two_equal_shares_are_no_news() -> None:
    assert p_two_shares(10, 100, 20, 200) == pytest.approx(1)
    assert p_two_shares(0, 100, 0, 200) is None


def test_several_tests_at_once_share_the_risk() -> None:
    # Benjamini and Hochberg 1995, section 3.2: 15 tests, four stand at q = 0.05.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p_values += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert sum(discoveries(p_values, 0.05)) == 4
    assert discoveries([None, 0.001], 0.05) == [False, True]
    assert discoveries([], 0.05) == []


def test_confidence_grows_with_cases_and_falls_with_chance() -> None:
    def evidence(n: int, p_value: float) -> Evidence:
        return Evidence("m", "M", 0.2, "ratio", "", baseline=0.3, n=n, p_value=p_value)

    # (1 − 0.02) × 90 / (90 + 10)
    assert confidence(evidence(90, 0.02)) == pytest.approx(0.882)
    assert (confidence(evidence(10, 0.02)) or 1) < 0.5
    assert (confidence(evidence(90, 0.5)) or 1) < 0.5
    assert confidence(evidence(0, 0.02)) is None
