"""A service may word the insights; it may not change one, and nothing of it can stop them."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revops import Filters, Warehouse, units
from revops.errors import ConfigError
from revops.insights.__main__ import main
from revops.insights.model import Driver, Evidence, Insight, Interval
from revops.insights.wording import RewordingProvider, Service, find, read, request, reworded
from revops.insights.wording.figures import allowed, figures, unknown
from tests.insights.wording_service import Reply, completion, rewords, running, sends

CHURN = Insight(
    rule="churn",
    category="revenue",
    status="alert",
    severity="high",
    headline="More SMB customers leave: 3.8% a month, 1.6% in the year before.",
    why="Lost customers must be replaced before a company grows.",
    evidence=(
        Evidence(
            "logo_churn",
            "Share of SMB customers lost",
            0.038273615635179156,
            "ratio",
            "select 'Secret Ltd' as value",
            baseline=0.016,
            baseline_label="the year before",
            n=1228,
            interval=Interval(0.029, 0.051, "Wilson"),
        ),
    ),
    drivers=(Driver("Competitor", 34, "count", share=0.723),),
    actions=("Call the customers who show the same reason.",),
    confidence=0.992,
    scope=Filters(owners="Secret Owner"),
)
CALM = replace(CHURN, rule="calm", status="good", severity="none", actions=())
FOUND = [CHURN, CALM]


def told(reply: Reply, timeout: float = 5.0) -> tuple[Any, Any]:
    with running(reply) as service:
        return reworded(FOUND, Service(service.url, "a-model", "", timeout), "USD"), service


def better(insight: dict[str, Any]) -> None:
    insight["headline"] = "SMB churn has jumped to 3.8 percent a month, from 1.6 % a year ago."
    insight["actions"] = ["Phone whoever names the same reason."]


def test_words_change_and_nothing_else() -> None:
    answer, service = told(rewords(better))
    assert answer.is_reworded
    first, second = answer.insights
    assert first.headline.startswith("SMB churn has jumped")
    assert replace(first, headline=CHURN.headline, actions=CHURN.actions) == CHURN
    # what is no news is not even asked about
    assert second == CALM
    assert "a-model" in answer.note
    assert len(service.asked) == 1


def test_what_is_sent_is_what_an_insight_shows() -> None:
    _, service = told(rewords(better))
    body = service.asked[0]
    assert set(body) == {"model", "temperature", "response_format", "messages"}
    (sent,) = json.loads(body["messages"][1]["content"])["insights"]
    assert set(sent) == {
        *("rule", "category", "status", "severity", "headline", "why", "actions"),
        *("evidence", "drivers", "confidence", "figures"),
    }
    assert set(sent["evidence"][0]) == {
        *("metric", "label", "value", "unit", "baseline", "baseline_label", "n", "interval"),
        *("p_value", "adjusted_p", "effect", "effect_interval"),
    }
    assert sent["evidence"][0]["value"] == 0.0382736
    # neither the SQL nor the filters: both hold names that the insight does not show
    assert "Secret" not in json.dumps(body)
    assert "Authorization" not in service.headers[0]


def changes(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda insight: insight.update(fields)


def wrong_value(insight: dict[str, Any]) -> None:
    insight["evidence"][0]["value"] = 0.05


def one_action_more(insight: dict[str, Any]) -> None:
    insight["actions"].append("Buy a tool.")


def slowly(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A byte now and then: no single read times out, the whole does."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


FAILURES: dict[str, tuple[Reply, str]] = {
    "a changed number": (
        rewords(changes(headline="Churn rose to 4.8% a month.")),
        "it wrote 4.8%, which is no number of churn",
    ),
    "a number in words": (rewords(changes(headline="Churn doubled.")), "it wrote doubled"),
    "a fraction": (rewords(changes(why="½ of them leave.")), "it wrote ½"),
    "another scale": (rewords(changes(headline="Churn is 3.8K.")), "it wrote 3.8K"),
    "changed evidence": (rewords(wrong_value), "it changed evidence of churn"),
    "a changed status": (rewords(changes(status="good")), "it changed status of churn"),
    "an added field": (rewords(changes(tone="calm")), "has another shape"),
    "an added action": (rewords(one_action_more), "it changed how many actions churn has"),
    "an empty text": (rewords(changes(headline=" ")), "is empty or too long"),
    "control characters": (rewords(changes(headline="\x1b[2J")), "holds control characters"),
    "no insights": (sends(completion('{"insights": []}')), "does not hold the insights"),
    "no JSON within": (sends(completion("Sure! Here you go.")), "its answer is no JSON"),
    "deep JSON": (sends(completion("[" * 100_000)), "its answer is no JSON"),
    "no JSON": (sends(b"<html>"), "its answer is no chat completion"),
    "no text": (sends(b'{"choices": [{"message": {"content": null}}]}'), "holds no text"),
    "an HTTP error": (sends(b"{}", 500), "HTTP status 500"),
    "a redirect": (sends(b"", 302, Location="http://127.0.0.1:9/"), "HTTP status 302"),
    "too much": (sends(b" " * 1_100_000), "its answer is too long"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_after_any_failure_the_rules_speak_for_themselves(name: str) -> None:
    reply, reason = FAILURES[name]
    answer, _ = told(reply)
    assert answer.insights == FOUND
    assert not answer.is_reworded
    assert answer.note.startswith("In the rules' own words")
    assert reason in answer.note


def test_a_slow_answer_is_not_waited_for() -> None:
    began = time.monotonic()
    answer, _ = told(slowly, timeout=0.3)
    assert answer.insights == FOUND
    assert "within 0.3 seconds" in answer.note
    assert time.monotonic() - began < 5


def test_nobody_listening_is_a_failure_like_any_other() -> None:
    answer = reworded(FOUND, Service("http://127.0.0.1:9/v1", "a-model"), "USD")
    assert answer.insights == FOUND
    assert "cannot be reached" in answer.note


def test_without_news_nothing_is_sent() -> None:
    with running(rewords(better)) as service:
        answer = reworded([CALM], Service(service.url, "a-model"), "USD")
    assert (answer.insights, answer.note, service.asked) == ([CALM], "", [])


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", " k-123 ")
    with running(rewords(better)) as service:
        asked = Service(service.url, "a-model", "A_KEY")
        assert reworded(FOUND, asked, "USD").is_reworded
        assert service.headers[0]["Authorization"] == "Bearer k-123"
        for key in ("", "k\n123"):
            monkeypatch.setenv("A_KEY", key)
            note = reworded(FOUND, asked, "USD").note
            assert "A_KEY holds no key" in note
            assert "123" not in note
        assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("up 3,201.8 % to $1.2 million", {"3201.8%", "$1.2M"}),
        ("−$12.5K, not $12.5K", {"-$12.5K", "$12.5K"}),
        ("from 2.9%–5.1% and 20-30", {"2.9%", "5.1%", "20", "30"}),
        ("on 2026-10-31 (n = 1,228)", {"2026", "10", "31", "1228"}),
        ("3.2× as much, 3.2x", {"3.2×"}),
        ("twice in Q3", {"twice", "3"}),
        ("a quarter of the year, one by one", set()),
        ("٣ of them", {"٣"}),
    ],
)
def test_numbers_are_found_however_they_are_written(text: str, numbers: set[str]) -> None:
    assert figures(text) == numbers


@given(st.floats(-1e9, 1e9), st.sampled_from(["money", "ratio", "count", "days", "multiple"]))
def test_a_number_written_as_the_insight_writes_it_is_known(value: float, unit: str) -> None:
    written = units.format(value, unit)
    one = replace(CHURN, evidence=(Evidence("m", "M", value, unit, "select 1 as value"),))
    known = allowed(one, "USD")
    assert unknown(f"It came to {written}.", known) == []
    assert unknown(f"It came to {written.replace(units.MINUS, '-')}, yes", known) == []
    assert unknown("It came to 987,654.321%.", known) == ["987654.321%"]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"provder": "rules"}, "There is no key insights.provder."),
        ({"provider": "openai"}, "There is no provider 'openai'."),
        ({"provider": "openai-compatible", "model": "m"}, "insights.url is no address"),
        ({"provider": "openai-compatible", "url": "http://localhost/v1"}, "insights.model is"),
        ({"url": 1}, "insights.url is no text."),
        ({"timeout_seconds": True}, "insights.timeout_seconds = True"),
        ({"timeout_seconds": 0}, "insights.timeout_seconds = 0"),
        ([], "insights is no table."),
        (
            {"provider": "openai-compatible", "url": "http://example.com/v1", "model": "m"},
            "insights.url would send over the network unencrypted.",
        ),
        (
            {"provider": "openai-compatible", "url": "https://u:p@example.com/v1", "model": "m"},
            "insights.url is no address",
        ),
    ],
)
def test_a_mistake_in_the_configuration_is_refused(values: Any, what: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(values, "revops.toml")
    assert refused.value.what.startswith(what)
    assert refused.value.remedy


def test_the_nearest_key_is_suggested() -> None:
    with pytest.raises(ConfigError, match="provder") as refused:
        read({"provder": "rules"}, "revops.toml")
    assert refused.value.remedy.startswith("Did you mean provider?")


def test_off_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find() is None
    file = tmp_path / "revops.toml"
    file.write_text('[policy]\nbook = "b"\n')
    assert find() is None
    file.write_text('[insights]\nprovider = "rules"\nurl = "https://example.com/v1"\n')
    assert find() is None
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text(
        '[insights]\nprovider = "openai-compatible"\nurl = "https://example.com/v1"\nmodel = "m"\n'
    )
    monkeypatch.setenv("REVOPS_CONFIG", str(elsewhere))
    assert find() == Service("https://example.com/v1", "m")


def test_the_command_words_and_keeps_its_exit_code(
    sample_warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "revops.toml"
    with running(rewords(changes(why="It matters."))) as service:
        file.write_text(
            f'[insights]\nprovider = "openai-compatible"\nurl = "{service.url}"\nmodel = "m"\n'
        )
        asked = ["--warehouse", str(sample_warehouse), "--config", str(file)]
        assert main([*asked, "--format", "json", "--fail-on", "alert"]) == 3
        told = json.loads(capsys.readouterr().out)
        assert told["note"].startswith("Worded by m at 127.0.0.1")
        assert {one["why"] for one in told["insights"] if one["is_news"]} == {"It matters."}
        sent = len(service.asked)
        assert main([*asked, "--show-request"]) == 0
        assert json.loads(capsys.readouterr().out)["model"] == "m"
        assert len(service.asked) == sent


def test_as_a_provider_it_returns_what_the_rules_return(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as warehouse, running(rewords(better)) as service:
        found = RewordingProvider(Service(service.url, "m")).insights(warehouse, Filters())
    # 3.8 percent and 1.6 % are no numbers of these insights: nothing of the reply is used
    assert all(isinstance(one, Insight) for one in found)
    assert "SMB churn has jumped" not in {one.headline[:20] for one in found}
    assert request(found, "m", "USD")["model"] == "m"
