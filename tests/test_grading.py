"""The grading tells a caught story from a missed one, and a false alarm from a consequence."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from revops.data_generation import NO_STORIES, at_strength, only, plan
from revops.insights.rules import RULES
from tests.grading import __main__ as command
from tests.grading.answer import Answer, Said, answer
from tests.grading.grades import Grades, Share
from tests.grading.journal import Journal
from tests.grading.judge import expected, judge
from tests.grading.lineage import models_of_the_rules
from tests.grading.planted import NOTHING, STORIES, TOGETHER, Planted, planned
from tests.grading.table import FORMATS

CHURN = Planted("churn", 1.0, 1)
QUIET = Planted(NOTHING, 0.0, 1)


def said(rule: str, status: str = "alert", drivers: tuple[str, ...] = (), scope: str = "") -> Said:
    return Said(rule, status, "More customers leave.", drivers, scope)


def told(planted: Planted, *news: Said) -> Answer:
    return Answer(planted, news, (), 1.0)


def test_a_strength_scales_the_distance_from_the_usual() -> None:
    """+40 % becomes +20 % and +80 %; 60 % against 25 % becomes 42.5 % and 95 %."""
    stories = plan(3, date(2026, 10, 31))
    half, double = at_strength(stories, 0.5), at_strength(stories, 2)
    assert half.cost_per_lead
    assert double.cost_per_lead
    assert half.cost_per_lead.factor == pytest.approx(1.2)
    assert double.cost_per_lead.factor == pytest.approx(1.8)
    assert half.churn
    assert half.churn.factor == pytest.approx(2.0)
    assert half.slippage
    assert half.slippage.share == pytest.approx(0.425)
    assert double.slippage
    assert double.slippage.share == pytest.approx(0.95)
    assert double.mix
    assert double.mix.total_lift == pytest.approx(0.04)
    assert sum(double.mix.segment_share) == pytest.approx(1.0)
    assert at_strength(stories, 1) == stories
    assert at_strength(only(stories, "churn"), 2).mix is None
    with pytest.raises(ValueError, match=r"2\.1 is not between"):
        at_strength(stories, 2.1)


def test_a_world_is_drawn_from_its_seed() -> None:
    """The same seed gives the same place and date, seeds spread over the year."""
    assert CHURN.stories == Planted("churn", 1.0, 1).stories
    assert replace(CHURN.stories, churn=None) == NO_STORIES
    assert QUIET.stories == NO_STORIES
    months = {Planted(NOTHING, 0.0, seed).as_of.month for seed in range(200)}
    assert months == set(range(1, 13))


def test_a_cut_run_has_graded_all_stories_alike() -> None:
    worlds = planned((*STORIES, NOTHING), (1.0, 2.0), range(10, 13))
    assert len(worlds) == len(set(worlds)) == 3 * (4 * 2 + 2)
    first = worlds[:10]
    assert {one.story for one in first} == {*STORIES, NOTHING}
    assert {one.seed for one in worlds if one.story == NOTHING} == set(range(10, 16))


def test_a_story_is_caught_by_its_own_rule_only() -> None:
    story = CHURN.stories.churn
    assert story
    [right] = judge(told(CHURN, said("churn", "alert", (story.reason,), story.segment)))
    assert right.is_caught("alert")
    assert right.names_driver
    assert not right.false
    [elsewhere] = judge(told(CHURN, said("churn", "watch", ("Budget",), story.segment)))
    assert elsewhere.is_caught("watch")
    assert not elsewhere.is_caught("alert")
    assert not elsewhere.names_driver
    [missed] = judge(told(CHURN, said("slippage"), said("nrr_below_target")))
    assert not missed.is_caught("alert", "watch")
    assert [one.rule for one in missed.false] == ["slippage"]


def test_the_rules_that_are_judged_are_there() -> None:
    """A rule that is renamed would otherwise never catch its story again."""
    names = {rule.__name__ for rule in RULES}
    for story in STORIES:
        wanted = expected(Planted(story, 1.0, 1), story)
        assert wanted.tells
        assert {*wanted.tells, *wanted.follows} <= names


def test_whatever_is_told_of_a_quiet_world_is_false() -> None:
    [verdict] = judge(told(QUIET, said("churn")))
    assert verdict.is_false("alert")
    assert not verdict.names_driver
    [verdict] = judge(told(QUIET, said("top_channel", "good")))
    assert not verdict.is_false("alert", "watch")


def test_four_stories_in_a_world_are_judged_one_by_one() -> None:
    """One is told; what the others might have told is no false alarm, the rest is."""
    planted = Planted(TOGETHER, 1.0, 1)
    churn = planted.stories.churn
    assert churn
    verdicts = judge(
        told(planted, said("churn", "alert", (churn.reason,), churn.segment), said("low_return"))
    )
    assert [verdict.story for verdict in verdicts] == list(STORIES)
    assert [verdict.is_caught("alert") for verdict in verdicts] == [False, True, False, False]
    assert not any(verdict.false for verdict in verdicts)
    assert judge(told(planted, said("stale_file")))[0].is_false("alert")


def test_grades_are_shares_with_wilson_intervals() -> None:
    """One of two waves is an alert; one of three alerts in these worlds speaks of nothing."""
    story = CHURN.stories.churn
    assert story
    verdicts = [
        *judge(told(CHURN, said("churn", "alert", (story.reason,), story.segment))),
        *judge(told(replace(CHURN, seed=2), said("churn", "watch"), said("slippage"))),
        *judge(told(QUIET)),
        *judge(told(replace(QUIET, seed=2), said("churn"))),
    ]
    grades = Grades.of(verdicts)
    [grade] = grades.stories
    assert grade.recall == Share(1, 2)
    assert grade.told == Share(2, 2)
    assert grade.driver == Share(1, 2)
    assert grade.precision == Share(1, 2)
    assert grades.quiet[0].alerts == Share(1, 2)
    assert grades.alarms == (("churn", "alert", 1),)
    # Wilson, 1 of 2: (0.5 + 0.960) / 2.921 -+ 1.183 / 2.921 = 9.5 % to 90.5 %.
    assert str(grade.recall) == "50.0% (9%–91%)"
    assert str(Share(0, 0)) == "–"
    assert "Churn wave" in FORMATS["text"](grades)
    assert "| Churn wave | 1 × | 2 |" in FORMATS["markdown"](grades)
    assert json.loads(FORMATS["json"](grades))["stories"][0]["recall"]["count"] == 1


def test_a_journal_gives_back_what_it_was_given(tmp_path: Path) -> None:
    """A line that was cut is graded again."""
    journal = Journal(tmp_path)
    kept = told(CHURN, said("churn", "alert", ("Budget", "Competitor"), "SMB"))
    journal.add(kept)
    journal.add(told(QUIET))
    text = journal.path.read_text(encoding="utf-8")
    journal.path.write_text(text[:-20], encoding="utf-8")
    assert journal.read() == {CHURN: kept}
    journal.clear()
    assert journal.read() == {}


def test_only_what_rules_rest_on_is_built() -> None:
    models = models_of_the_rules()
    assert {"metrics.marketing", "metrics.pipeline", "metrics.revenue"} <= set(models)
    assert "marts.customer_months" in models
    assert "reports.kpis" not in models


def test_a_run_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the journal knows is not asked again; the table counts both."""
    asked: list[Planted] = []

    def answered(wanted: list[Planted], jobs: int) -> list[Answer]:
        asked.extend(wanted)
        return [told(one) for one in wanted]

    monkeypatch.setattr(command, "answered", answered)
    common = ["--output", str(tmp_path), "--story", NOTHING, "--seeds-from", "5"]
    assert command.main([*common, "--worlds", "1", "--minutes", "0"]) == command.CUT
    assert "Cut after 1 of 2 worlds" in capsys.readouterr().out
    asked.clear()
    assert command.main([*common, "--worlds", "1"]) == 0
    assert [one.seed for one in asked] == [6]
    asked.clear()
    assert command.main([*common, "--worlds", "2"]) == 0
    assert [one.seed for one in asked] == [7, 8]
    assert "all                              4" in capsys.readouterr().out
    assert json.loads((tmp_path / "grades.json").read_text())["quiet"][0]["alerts"]["of"] == 4


@pytest.mark.slow
def test_generated_worlds_are_answered() -> None:
    """The rules hear a churn of five times the usual; every rule they rest on was built."""
    loud = answer(Planted("churn", 2.0, 3))
    assert judge(loud)[0].is_caught("alert")
    # no check has been run, so no book can be known to be broken
    assert set(loud.no_data) <= {"broken_book"}
    assert not judge(answer(Planted(NOTHING, 0.0, 3)))[0].is_false("alert")
