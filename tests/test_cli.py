"""The commands as a user types them: exit codes, words, and what is left on disk."""

import json
import subprocess
from functools import partial
from pathlib import Path

import pytest

from pipeline import lock
from pipeline.build import BuildOptions
from pipeline.folder import WarehouseFolder
from tests.support.models import CHECK, model_folder
from tests.support.pipeline import PROJECT, command, query, run
from tests.support.tiny import DEALS, tiny_data

# the third of four deals says 30 February
BAD_DEALS = DEALS.replace("2026-03-01,2026-03-31", "2026-02-30,2026-03-31")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder with data/ and the warehouse built from it; tests must leave both alone."""
    root = tmp_path_factory.mktemp("built")
    data = tiny_data(root)
    done = subprocess.run(
        command("build", "--data", data, "--warehouse", root / "warehouse"),
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (root / "summary.txt").write_text(done.stdout)
    return root


@pytest.fixture
def build(capsys, tmp_path, tiny, monkeypatch):
    """`build("--strict", pipeline_deals="…")` in this test's own folder, with five small models."""
    options = partial(BuildOptions, sql=model_folder(tmp_path))
    monkeypatch.setattr("pipeline.cli.BuildOptions", options)

    def call(*arguments, **overrides):
        data = tiny(**overrides)
        return run(
            capsys, "build", "--data", data, "--warehouse", tmp_path / "warehouse", *arguments
        )

    return call


def test_a_build_ends_with_what_became_of_every_file(built):
    summary = (built / "summary.txt").read_text()

    assert "marketing_channels       4       4            0          0.00" in summary
    assert "subscriptions       absent" in summary
    assert "as of      2026-03-30 (marketing_channels.date)" in summary
    assert str(built / "warehouse" / "revops.duckdb") in summary
    assert " s: digest " in summary
    assert "hold" in summary


def test_a_build_knows_itself(built):
    path = built / "warehouse" / "revops.duckdb"

    [(load_id, as_of, source, currency, book, mrr_source)] = query(
        path,
        "select load_id, cast(as_of as varchar), as_of_source, currency, book, mrr_source"
        " from meta.build",
    )
    assert f"build {load_id}" in (built / "summary.txt").read_text()
    assert (as_of, currency, book, mrr_source) == ("2026-03-30", "USD", "default", "one_snapshot")
    assert source == "marketing_channels.date"
    stages = "select list(member order by position) from meta.members where kind = 'stage'"
    assert query(path, stages) == [
        (["Discovery", "Demo", "Negotiation", "Closed_Won", "Closed_Lost"],)
    ]
    assert query(path, "select distinct _load_id from raw.pipeline_deals") == [(load_id,)]
    assert query(path, "select value from meta.policy where key = 'stuck_days'") == [("45",)]


def test_the_same_inputs_are_built_once_and_quickly(built):
    arguments = command("build", "--data", built / "data", "--warehouse", built / "warehouse")

    done = subprocess.run(
        arguments, cwd=PROJECT, capture_output=True, text=True, timeout=10, check=False
    )

    assert done.returncode == 0
    assert "Nothing has changed since build" in done.stdout
    assert len(WarehouseFolder(built / "warehouse").load_ids()) == 1


def test_an_unchanged_build_loads_no_heavy_library(built):
    script = (
        "import sys; from pipeline.cli import main;"
        f"main(['build', '--data', {str(built / 'data')!r},"
        f" '--warehouse', {str(built / 'warehouse')!r}]);"
        "print(sorted({'polars', 'pandera', 'sqlglot'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [*command()[:1], "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_status_says_what_is_served_and_how_old_it_is(capsys, built):
    done = run(capsys, "status", "--warehouse", built / "warehouse")

    assert done.code == 0
    assert "as of      2026-03-30 (marketing_channels.date)" in done.out
    assert "built " in done.out
    assert " hold" in done.out
    assert sum(line.endswith("  served") for line in done.out.splitlines()) == 1


def test_status_for_programs(capsys, built):
    told = json.loads(run(capsys, "status", "--warehouse", built / "warehouse",
                          "--log-format", "json").out)  # fmt: skip

    assert told["event"] == "status"
    assert told["served"] in [build["load_id"] for build in told["builds"]]


def test_without_a_warehouse_status_and_rollback_say_what_to_do(capsys, tmp_path):
    for name in ("status", "rollback"):
        done = run(capsys, name, "--warehouse", tmp_path / "none")

        assert done.code == 2
        assert "make pipeline" in done.out + done.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "COMMAND"),
        (("biuld",), "biuld"),
        (("build", "--as-of", "2026-02-30"), "no date like 2026-03-31"),
        (("build", "--lock-timeout", "soon"), "no number of seconds"),
        (("build", "--data", "/nowhere/at/all"), "/nowhere/at/all"),
        (("build", "--config", "/nowhere.toml", "--data", "data"), "/nowhere.toml"),
    ],
)
def test_wrong_usage_is_exit_code_2(capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(PROJECT)
    done = run(capsys, *arguments)

    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_change_force_and_rollback(build, capsys, tmp_path):
    folder = WarehouseFolder(tmp_path / "warehouse")
    back = ("rollback", "--warehouse", folder.root)

    assert build().code == 0
    first = folder.served()
    assert build(pipeline_deals=DEALS.replace("10000", "12000")).code == 0
    second = folder.served()
    assert query(folder.link, "select max(amount) from raw.pipeline_deals") == [(12000,)]

    done = run(capsys, *back)
    assert done.code == 0
    assert f"Build {first} is served again instead of {second}." in done.out
    # the inputs are still those of the withdrawn build: a nightly run must not undo the rollback
    done = build(pipeline_deals=DEALS.replace("10000", "12000"))
    assert (done.code, folder.served()) == (0, first)
    assert f"gave build {second}, which a rollback withdrew" in done.out
    assert "withdrawn" in run(capsys, "status", "--warehouse", folder.root).out
    # the inputs of the served build are unchanged too
    assert "Nothing has changed" in build().out

    done = build("--force")
    assert done.code == 0
    assert folder.served() not in (first, second)
    done = run(capsys, *back, "nonsense")
    assert done.code == 2
    assert str(first) in done.err


def test_too_many_bad_rows_fail_with_1_and_publish_nothing(build, tmp_path):
    assert build().code == 0
    before = WarehouseFolder(tmp_path / "warehouse").served()

    done = build("--strict", pipeline_deals=BAD_DEALS)

    assert done.code == 1
    assert "Traceback" not in done.err
    assert "pipeline_deals.csv" in done.err
    assert WarehouseFolder(tmp_path / "warehouse").served() == before
    assert list((tmp_path / "warehouse" / "builds").glob("*.tmp*")) == []


def test_a_missing_file_fails_with_1_and_names_it(build):
    done = build(revenue_customers=None)

    assert done.code == 1
    assert "revenue_customers.csv" in done.err


def test_the_as_of_date_can_be_given(build, tmp_path):
    assert build("--as-of", "2026-03-15").code == 0

    path = tmp_path / "warehouse" / "revops.duckdb"
    assert query(path, "select cast(as_of as varchar), as_of_source from meta.build") == [
        ("2026-03-15", "--as-of")
    ]


def test_errors_for_programs_are_one_json_object(build):
    done = build("--log-format", "json", revenue_customers=None)

    told = json.loads(done.err)
    assert told["event"] == "error"
    assert "revenue_customers.csv" in told["what"]
    assert done.out == ""


def test_results_for_programs_are_one_json_object(build, tmp_path):
    told = json.loads(build("--log-format", "json").out)

    assert told["event"] == "published"
    assert told["files"][0]["rows_read"] == 4
    assert told["path"] == str(tmp_path / "warehouse" / "revops.duckdb")


def test_a_second_build_says_who_holds_the_lock(build, tmp_path):
    (tmp_path / "warehouse").mkdir()
    with lock.exclusive(tmp_path / "warehouse", 0, print):
        done = build("--lock-timeout", "0")

    assert done.code == 2
    assert "locked by process" in done.err


def test_a_fault_of_the_program_is_one_line_and_a_file(build, monkeypatch, tmp_path):
    def broken(*_):
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("pipeline.assemble.run_models", broken)
    done = build()

    assert done.code == 2
    assert "RuntimeError: a wheel came off" in done.err
    assert "Traceback" not in done.err
    kept = (tmp_path / "warehouse" / "last-error.log").read_text()
    assert "Traceback" in kept
    assert "a wheel came off" in kept
    assert not (tmp_path / "warehouse" / "revops.duckdb").is_symlink()


def test_an_interrupted_build_leaves_nothing_behind(build, monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.assemble.run_models", interrupted)
    done = build()

    assert done.code == 2
    assert "nothing was published" in done.err
    assert list((tmp_path / "warehouse" / "builds").iterdir()) == []


def test_a_failed_check_publishes_nothing_and_shows_the_rows(build, tmp_path):
    check = tmp_path / "sql" / "checks" / "amounts.sql"
    check.write_text(CHECK.replace("< 0", "> 9000"))

    done = build()

    assert done.code == 1
    assert "amounts: No deal is worth less than nothing." in done.err
    assert "deal_id = D1, gap = 10000.000000" in done.err
    assert not (tmp_path / "warehouse" / "revops.duckdb").exists()


def test_a_file_that_changes_under_the_build_is_told(build, monkeypatch, tmp_path):
    from pipeline.ingest.load import load_all as really

    def slow(*arguments, **options):
        path = tmp_path / "data" / "pipeline_deals.csv"
        path.write_text(DEALS.replace("10000", "99999"))
        return really(*arguments, **options)

    monkeypatch.setattr("pipeline.ingest.load.load_all", slow)
    done = build()

    assert done.code == 1
    assert "pipeline_deals.csv changed while it was read" in done.err
