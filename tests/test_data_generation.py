"""The sample files: complete, consistent with each other, and the same every time."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from revops.data_generation import DATASETS, generate
from revops.data_generation.__main__ import main
from revops.data_generation.days import month_start
from tests.support.pipeline import PROJECT
from tests.support.samples import Frames, ledger_at, mrr_at

AS_OF = date(2026, 10, 31)
FIRST_DAY = date(2023, 10, 1)
DATA = PROJECT / "data"


@pytest.fixture(scope="module")
def sample() -> Frames:
    return generate()


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.[ct][so][vm]*")}


def test_the_committed_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    """Another process with another hash seed writes the same bytes and names every file."""
    run = subprocess.run(
        [sys.executable, "-m", "revops.data_generation", "--output", str(tmp_path / "out")],
        cwd=PROJECT,
        env=os.environ | {"PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    )
    names = [*(f"{name}.csv" for name in DATASETS), "revops.toml"]
    assert run.stdout.split() == [str(tmp_path / "out" / name) for name in names]
    assert sorted(files_of(tmp_path / "out")) == sorted(names)
    assert files_of(tmp_path / "out") == files_of(DATA)


def test_the_committed_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) <= 8_000_000


def test_the_sample_loads_without_a_bad_row(sample_warehouse: Path) -> None:
    """Nothing is withheld, and only the oddities that data/README.md admits are flagged."""
    with duckdb.connect(str(sample_warehouse), read_only=True) as con:
        assert con.sql("select count(*) from quarantine.rows").fetchall() == [(0,)]
        loaded = con.sql("select rows_read, rows_loaded from meta.loads").fetchall()
        rules = {rule for (rule,) in con.sql("select distinct rule from meta.warnings").fetchall()}
        assert con.sql("select as_of, book from meta.build").fetchall() == [(AS_OF, "sample")]
    assert len(loaded) == len(DATASETS)
    assert all(read == kept > 0 for read, kept in loaded)
    readme = (DATA / "README.md").read_text()
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in readme] == []


def test_the_sample_covers_37_months(sample: Frames) -> None:
    marketing, finance = sample["marketing_channels"], sample["finance"]
    assert (marketing["date"].min(), marketing["date"].max()) == (FIRST_DAY, AS_OF)
    assert finance["month"].to_list() == [month_start(FIRST_DAY, index) for index in range(37)]
    assert sample["deal_history"]["snapshot_date"].max() == AS_OF
    earliest = (sample["pipeline_deals"]["created_at"].min(), sample["subscriptions"]["start_date"])
    assert earliest[0] >= FIRST_DAY
    assert earliest[1].min() >= FIRST_DAY


def test_targets_add_up_and_reach_ahead(sample: Frames) -> None:
    targets = sample["targets"].with_columns(pl.col("segment").fill_null("all"))
    wide = targets.pivot("segment", index=["metric", "period_start", "period_end"], values="value")
    assert wide.filter(pl.col("all") != pl.col("SMB") + pl.col("MM") + pl.col("ENT")).is_empty()
    assert set(targets["metric"]) == {"won_amount", "mrr"}
    assert targets["period_end"].max() > AS_OF + timedelta(days=90)


def test_benchmarks_name_each_slice_once(sample: Frames) -> None:
    benchmarks = sample["benchmarks"]
    assert benchmarks["metric_type"].n_unique() == 7
    assert not benchmarks.select("metric_type", "category", "subcategory").is_duplicated().any()
    assert benchmarks.filter(pl.col("min_value") > pl.col("max_value")).is_empty()
    without_all = set(benchmarks["metric_type"]) - set(
        benchmarks.filter(pl.col("category") == "all")["metric_type"]
    )
    assert without_all == set()


def test_the_company_looks_like_one(sample: Frames) -> None:
    """ARR of several millions, a win rate in the twenties, NRR around 100 to 110 %."""
    then, now = mrr_at(sample, date(2025, 10, 31)), mrr_at(sample, AS_OF)
    kept = then.join(now, on="customer_id", how="left", suffix="_now")["mrr_now"].sum()
    assert 1.0 <= kept / then["mrr"].sum() <= 1.1
    assert 5e6 <= now["mrr"].sum() * 12 <= 2e7
    closed = sample["pipeline_deals"].filter(pl.col("status") != "Open")
    assert 0.22 <= (closed["status"] == "Closed_Won").mean() <= 0.27


@pytest.mark.parametrize("as_of", [date(2026, 10, 14), date(2024, 2, 29), date(2026, 1, 1)])
def test_any_day_can_be_the_as_of_date(as_of: date) -> None:
    frames = generate(5, as_of, scale=0.2)
    assert frames["marketing_channels"]["date"].max() == as_of
    assert frames["revenue_customers"]["start_date"].max() <= as_of
    assert ledger_at(frames, as_of).height == frames["pipeline_deals"].height
    assert frames["finance"]["month"].max() <= month_start(as_of)
    customers = frames["revenue_customers"]
    assert customers["mrr"].sum() == mrr_at(frames, as_of)["mrr"].sum()


def test_scale_multiplies_campaigns_deals_and_customers(sample: Frames) -> None:
    big = generate(scale=4.0)
    for name in ("marketing_channels", "pipeline_deals", "revenue_customers", "subscriptions"):
        assert 3.6 < big[name].height / sample[name].height < 4.4, name
    campaigns = [
        frames["marketing_channels"].group_by("channel").agg(pl.col("campaign").n_unique())
        for frames in (sample, big)
    ]
    assert [set(frame["campaign"]) for frame in campaigns] == [{3}, {12}]
    for name in ("date", "channel", "segment", "geo"):
        marketing = sample["marketing_channels"][name], big["marketing_channels"][name]
        assert set(marketing[0]) == set(marketing[1])


def test_one_file_alone_is_the_same_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--output", str(tmp_path), "--only", "marketing_channels"]) == 0
    written = capsys.readouterr().out.split()
    assert [Path(path).name for path in written] == ["marketing_channels.csv", "revops.toml"]
    name = "marketing_channels.csv"
    assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--as-of", "31.10.2026"), ("--scale", "nan"), ("--seed", "-1"), ("--stories", "some")],
)
def test_a_wrong_option_is_named(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--output", str(tmp_path), option, value])
    assert stop.value.code == 2
    message = capsys.readouterr().err
    assert option in message
    assert value in message


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("here")
    assert main(["--output", str(occupied), "--scale", "0.05"]) == 2
    assert "--output" in capsys.readouterr().err
