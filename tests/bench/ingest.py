"""A validated load beside DuckDB's raw typed load of the same marketing file."""

import shutil
from pathlib import Path

from tests.bench.measure import ROOT, Run, median, report, run

REQUIRED = ("pipeline_deals.csv", "revenue_customers.csv", "benchmarks.csv")


def measure(marketing: Path, doubled: Path, workdir: Path, pairs: int) -> None:
    """Print wall, CPU and peak memory, and what twice the rows do to the memory."""
    target = workdir / "load.duckdb"
    folder = with_small_files(marketing, workdir / "load")
    raw, ours = [], []
    for _ in range(pairs):
        raw.append(run(["-m", "tests.bench.raw_load", str(marketing), str(target)]))
        ours.append(run(["-m", "tests.bench.validated_load", str(folder), str(target)]))
    wall = median([b.wall / a.wall for a, b in zip(raw, ours, strict=True)])
    cpu = median([b.cpu / a.cpu for a, b in zip(raw, ours, strict=True)])
    report("raw typed load, DuckDB", figures(raw), "the yardstick")
    report("validated load", figures(ours), "peak at most 1.5 GB")
    report("validated / raw, by pairs", f"{wall:.2f} x wall, {cpu:.2f} x cpu", "at most 2.6 x wall")
    folder = with_small_files(doubled, workdir / "load")
    twice = run(["-m", "tests.bench.validated_load", str(folder), str(target)])
    ratio = twice.peak / median([each.peak for each in ours])
    report("validated load of twice the rows", f"{ratio:.2f} x peak memory", "at most 1.2 x")
    target.unlink(missing_ok=True)


def with_small_files(marketing: Path, folder: Path) -> Path:
    """A data folder of the large marketing file and the sample's other required files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "marketing_channels.csv").symlink_to(marketing)
    for name in REQUIRED:
        shutil.copy(ROOT / "data" / name, folder / name)
    return folder


def figures(runs: list[Run]) -> str:
    """Medians of wall and CPU seconds and of the peak, in gigabytes."""
    wall = median([each.wall for each in runs])
    cpu = median([each.cpu for each in runs])
    peak = median([each.peak for each in runs]) / 1e9
    return f"{wall:.1f} s, cpu {cpu:.1f} s, {peak:.2f} GB"
