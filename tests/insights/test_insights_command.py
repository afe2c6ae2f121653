"""`python -m revops.insights` prints three ways, and never shows a traceback."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from revops.insights import __main__ as command
from revops.insights.__main__ import main
from revops.insights.context import Context
from revops.insights.engine import RuleEngine
from revops.insights.model import Evidence, Insight
from revops.insights.rendering import as_json, as_markdown, as_text
from revops.insights.rules.data import withheld_money

HOSTILE = Insight(
    rule="top_channel",
    category="marketing",
    status="good",
    severity="low",
    headline="<script>alert(1)</script> | [click](javascript:1) \x1b[2J returns the most.",
    why="",
    evidence=(Evidence("roi", "Return", 1.0, "ratio", sql="select 1 as value -- ```"),),
)


def test_the_sample_is_printed_as_text(
    sample_warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--warehouse", str(sample_warehouse)]) == 0
    told = capsys.readouterr().out
    assert "questions asked" in told
    assert "[alert] revenue" in told


def test_the_sample_is_printed_as_json(
    sample_warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--warehouse", str(sample_warehouse), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["currency"] == "USD"
    assert {"status", "evidence", "confidence"} <= set(told["insights"][0])


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--warehouse", "nowhere.duckdb"], "There is no warehouse here yet."),
        (["--thresholds", "nowhere.toml"], "The thresholds file cannot be read."),
    ],
)
def test_a_mistake_is_told_in_words(
    capsys: pytest.CaptureFixture[str], arguments: list[str], what: str
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(what)
    assert "next:" in told.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-on", "alert"], 3),
        (["--fail-on", "watch"], 3),
        ([], 0),
    ],
)
def test_a_scheduler_learns_of_alerts_by_the_exit_code(
    sample_warehouse: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert main(["--warehouse", str(sample_warehouse), *arguments]) == code
    # what is printed stays whole, for whoever reads the notification
    assert "[alert] revenue" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "alert", "watch"), [("alert", 3, 3), ("watch", 0, 3), ("good", 0, 0)]
)
def test_only_what_is_as_pressing_fails(
    sample_warehouse: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    alert: int,
    watch: int,
) -> None:
    found = [replace(HOSTILE, status=status)]
    monkeypatch.setattr(RuleEngine, "insights", lambda *_: found)
    named = ["--warehouse", str(sample_warehouse), "--fail-on"]
    assert (main([*named, "alert"]), main([*named, "watch"])) == (alert, watch)


def test_a_rule_that_failed_is_told_on_stderr_and_by_the_exit_code(
    sample_warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(context: Context) -> Insight:
        raise ZeroDivisionError("by nothing")

    broken.__module__ = withheld_money.__module__
    monkeypatch.setattr(command, "RuleEngine", partial(RuleEngine, (broken,)))
    assert main(["--warehouse", str(sample_warehouse), "--fail-on", "alert"]) == 4
    said = capsys.readouterr()
    assert said.err == "rule failed: broken: ZeroDivisionError: by nothing\n"
    assert "Traceback" not in said.out


def test_whoever_stops_reading_sees_no_traceback(sample_warehouse: Path) -> None:
    command = f"{sys.executable} -m revops.insights --warehouse {sample_warehouse} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_names_from_the_data_stay_text() -> None:
    text, markdown = as_text([HOSTILE], "USD"), as_markdown([HOSTILE], "USD")
    assert "\x1b" not in text
    assert "<script>" not in markdown
    assert "[click](" not in markdown
    # the fence is longer than any run of backticks inside it
    assert "````sql\nselect 1 as value -- ```\n````" in markdown
    assert json.loads(as_json([HOSTILE], "USD"))["insights"][0]["headline"] == HOSTILE.headline
