"""Serving many: who is let in, what is logged and counted, and that pages stay apart."""

import json
import logging
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from dashboard import __main__ as command
from dashboard.desk import Desk
from dashboard.operations import log, questions
from dashboard.operations.access import access, host
from dashboard.operations.filling import Filling
from dashboard.operations.meters import Meters, meters_of
from dashboard.operations.questions import StillAsking, WatchedWarehouse, leaving_slow_ones
from dashboard.proof import Proof
from dashboard.state import State
from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Warehouse, evidence
from revops.errors import QueryError, RevopsError
from tests.support.pipeline import PROJECT
from tests.support.tiny import tiny_data

SECRET = "s" * 32
# counts for minutes unless it is stopped
ENDLESS = "select count(*) as n from range(100000000000) as t(i) where i % 7 = $seven"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serving")
    options = BuildOptions(data=tiny_data(folder), warehouse=folder / "warehouse")
    build(options, Log("json"), Progress(enabled=False))
    return folder / "warehouse" / "revops.duckdb"


def asked(**given: Any) -> Namespace:
    options = {
        "production": True,
        "prefix": "",
        "allow_origin": ["dash.example.com"],
        "cookie_secret_file": None,
        "basic_auth": None,
        "oauth_provider": None,
        "without_login": True,
    }
    return Namespace(**{**options, **given})


def test_production_refuses_to_be_open_by_oversight(tmp_path: Path) -> None:
    known = {"PANEL_COOKIE_SECRET": SECRET}
    with pytest.raises(RevopsError, match="cookie secret of 32"):
        access(asked(), {})
    with pytest.raises(RevopsError, match="cookie secret of 32"):
        access(asked(), {"PANEL_COOKIE_SECRET": "s" * 31})
    with pytest.raises(RevopsError, match="the address that people type"):
        access(asked(allow_origin=[]), known)
    with pytest.raises(RevopsError, match="needs a way to log in"):
        access(asked(without_login=False), known)
    with pytest.raises(RevopsError, match="no file with names and passwords"):
        access(asked(basic_auth=tmp_path / "users.json"), known)
    with pytest.raises(RevopsError, match="cannot be read"):
        access(asked(cookie_secret_file=tmp_path / "secret"), known)
    with pytest.raises(RevopsError, match="google needs values") as missing:
        access(asked(oauth_provider="google"), known | {"PANEL_OAUTH_KEY": "k"})
    assert "PANEL_OAUTH_SECRET" in missing.value.where
    assert "PANEL_OAUTH_KEY" not in missing.value.where
    assert access(asked(), known).is_behind_proxy


def test_the_command_says_what_production_lacks(
    warehouse: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PANEL_COOKIE_SECRET", raising=False)
    assert command.main(["--warehouse", str(warehouse), "--production"]) == 2
    told = capsys.readouterr().err
    assert "Production needs a cookie secret" in told
    assert "next:" in told


def test_one_person_needs_none_of_it() -> None:
    options = asked(production=False, allow_origin=[], without_login=False)
    first, second = access(options, {}), access(options, {})
    assert first.cookie_secret != second.cookie_secret
    assert not first.is_behind_proxy
    assert "basic_auth" not in first.server_options()


def test_a_secret_file_comes_before_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{'f' * 40}\n")
    options = asked(cookie_secret_file=tmp_path / "secret", prefix="revops/")
    made = access(options, {"PANEL_COOKIE_SECRET": SECRET})
    assert made.cookie_secret == "f" * 40
    assert made.prefix == "/revops"


@pytest.mark.parametrize(
    ("written", "sent_by_browsers"),
    [
        ("dash.example.com", "dash.example.com"),
        ("https://Dash.example.com/", "dash.example.com"),
        ("dash.example.com:443", "dash.example.com"),
        ("http://10.0.0.7:8080", "10.0.0.7:8080"),
    ],
)
def test_an_origin_may_be_written_as_people_see_it(written: str, sent_by_browsers: str) -> None:
    assert host(written) == sent_by_browsers


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("dashboard", logging.ERROR, __file__, 1, message, (), None)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_a_log_line_is_one_object_with_its_ids() -> None:
    line = log.JsonLines().format(record("two\nlines", session_id="abc", query_id="9f"))
    told = json.loads(line)
    assert "\n" not in line
    assert told["message"] == "two\nlines"
    assert (told["level"], told["session_id"], told["query_id"]) == ("error", "abc", "9f")
    assert "error_id" not in told


def test_the_log_names_a_page_but_not_by_what_would_open_it() -> None:
    assert log.short("secret-session") == log.short("secret-session") != log.short("another")
    assert "secret" not in log.short("secret-session")


def test_a_closed_page_is_no_fault_and_anything_else_is() -> None:
    handed_on: list[dict[str, Any]] = []
    loop = SimpleNamespace(default_exception_handler=handed_on.append)
    for gone in (WebSocketClosedError(), StreamClosedError()):
        log.closed_pages_are_no_fault(loop, {"exception": gone})
    assert handed_on == []
    log.closed_pages_are_no_fault(loop, {"exception": ValueError("x")})
    log.closed_pages_are_no_fault(loop, {"message": "no exception"})
    assert len(handed_on) == 2


def test_each_question_is_timed_and_told(warehouse: Path, caplog: pytest.LogCaptureFixture) -> None:
    meters = Meters()
    with WatchedWarehouse(warehouse, meters) as watched:
        caplog.set_level(logging.DEBUG, "dashboard.query")
        for _ in range(2):
            watched.query("select * from meta.policy where key = $name", {"name": "x"})
        with pytest.raises(QueryError) as failed:
            watched.query("select nothing from meta.policy")
    first, second = [line for line in caplog.records if line.name == "dashboard.query"]
    # the second time the answer was known, so nothing was asked
    assert (first.about, first.rows, first.values) == ("meta.policy", 0, {"name": "x"})
    assert second.levelname == "ERROR"
    assert second.query_id == failed.value.query_id != ""
    told = meters.exposition()[0].decode()
    assert 'revops_queries_total{outcome="answered"} 1.0' in told
    assert 'revops_queries_total{outcome="failed"} 1.0' in told
    assert 'revops_query_seconds_count{about="meta.policy"} 2.0' in told


def test_values_are_logged_for_who_debugs_only(
    warehouse: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "SLOW_SECONDS", 0.0)
    caplog.set_level(logging.INFO, "dashboard.query")
    with WatchedWarehouse(warehouse) as watched:
        watched.query("select * from meta.policy where key = $name", {"name": "Ana"})
    (line,) = [line for line in caplog.records if line.name == "dashboard.query"]
    assert not hasattr(line, "values")


def test_a_question_that_takes_too_long_is_stopped(warehouse: Path) -> None:
    meters = Meters()
    with WatchedWarehouse(warehouse, meters, limit=0.3) as watched:
        started = time.perf_counter()
        with pytest.raises(QueryError, match=r"longer than 0\.3 seconds"):
            watched.query(ENDLESS, {"seven": 3})
        assert time.perf_counter() - started < 5
        assert watched.query("select 1 as n").item() == 1
    assert 'revops_queries_total{outcome="stopped"} 1.0' in meters.exposition()[0].decode()


def test_who_may_leave_does_not_wait_and_is_stopped_all_the_same(warehouse: Path) -> None:
    with WatchedWarehouse(warehouse, limit=0.5) as watched:
        answers = []
        for _ in range(2):
            with leaving_slow_ones(), pytest.raises(StillAsking) as left:
                watched.query(ENDLESS, {"seven": 3})
            answers.append(left.value.answer)
        # the same question, asked by two pages, is asked once
        assert answers[0] is answers[1]
        assert isinstance(answers[0].exception(10), QueryError)


def test_a_failed_question_and_its_card_go_by_one_id(caplog: pytest.LogCaptureFixture) -> None:
    error = QueryError("no such column")
    error.query_id = "9f3a"

    def work() -> None:
        raise error

    shown: list[tuple[str, Exception]] = []
    Filling("Spend", work, lambda: None, lambda *told: shown.append(told)).run()
    assert shown == [("9f3a", error)]
    assert caplog.records[-1].error_id == "9f3a"
    assert caplog.records[-1].exc_info is not None


def test_a_proof_that_fails_says_so_under_its_id(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        error = QueryError("broken on purpose")
        error.query_id = "9f3b"
        raise error

    with Warehouse(warehouse) as opened:
        state = State(opened.build.as_of, proof="marketing.spend")
        proof = Proof(Desk(opened, state, lambda _: None))
        proof.follow()
        assert "SQL as run" in proof.sql.object
        monkeypatch.setattr(evidence, "behind", fail)
        proof.follow()
    assert "9f3b" in proof.view.object
    assert proof.sql.object == proof.rows.object == ""
    assert proof.dialog.open


def test_several_processes_add_up_and_the_dead_hold_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a process of its own, because the library decides at import how it counts
    script = """
import os, sys
from dashboard.operations.meters import meters_of
with meters_of(2) as meters:
    for pages in (3, 4):
        if (child := os.fork()) == 0:
            meters.opened.inc(pages)
            meters.sessions.labels("connected").set(pages)
            os._exit(0)
        os.waitpid(child, 0)
    meters.opened.inc()
    meters.sessions.labels("connected").set(5)
    print(meters.exposition()[0].decode())
    folder = meters.shared
assert not folder.exists()
"""
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert "revops_sessions_opened_total 8.0" in done.stdout
    assert 'revops_sessions{state="connected"} 5.0' in done.stdout


def test_one_process_counts_by_itself() -> None:
    with meters_of(1) as meters:
        assert meters.shared is None
