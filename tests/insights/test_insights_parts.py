"""Thresholds are checked, intervals are the textbooks', confidence follows the evidence."""

from pathlib import Path

import pytest

from revops import Filters, Warehouse
from revops.errors import ThresholdError
from revops.insights import Evidence, RuleEngine, describe_rules, load_thresholds
from revops.insights.confidence import confidence
from revops.insights.intervals import adjusted, p_two_shares, wilson
from tests.insights.cases import BY_NAME


def test_every_rule_explains_itself_and_has_its_thresholds() -> None:
    for name, text in describe_rules().items():
        assert "Why: " in text
        assert "Do: " in text
        assert load_thresholds()[name]


def test_thresholds_can_be_set_and_move_the_judgement(world: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[stuck_deals]\nwatch_share = 0.10\n")
    engine = RuleEngine([BY_NAME["stuck_deals"]], load_thresholds(file))
    (found,) = engine.insights(world, Filters(segments=["stuck third"]))
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
    assert sum(p is not None and p <= 0.05 for p in adjusted(p_values)) == 4
    # the largest of 15 stays what it was, the smallest counts 15 times
    assert adjusted(p_values)[0] == pytest.approx(0.0015)
    assert adjusted(p_values)[-1] == 1.0
    assert adjusted([None, 0.001, 0.04]) == [None, 0.002, 0.04]
    assert adjusted([]) == []


def test_confidence_grows_with_cases_and_falls_with_chance() -> None:
    def evidence(n: int, p_value: float) -> Evidence:
        return Evidence("m", "M", 0.2, "ratio", "", baseline=0.3, n=n, p_value=p_value)

    # (1 − 0.02) × 90 / (90 + 10)
    assert confidence(evidence(90, 0.02)) == pytest.approx(0.882)
    assert (confidence(evidence(10, 0.02)) or 1) < 0.5
    assert (confidence(evidence(90, 0.5)) or 1) < 0.5
    assert confidence(evidence(0, 0.02)) is None
