"""`make bench`: the figures of the README, printed as ratios and medians of one run."""

import argparse
import platform
import tempfile
from pathlib import Path

from tests.bench import books, build, dashboard, ingest, insights, macros, sessions
from tests.bench.measure import ROOT, run

SAMPLE_ROWS_HINT = "rows of the large marketing file (default 10 million)"


PARTS = (
    "books",
    "build",
    "dashboard",
    "ingest",
    "insights",
    "large-dashboard",
    "macros",
    "sessions",
)
OF_ONE_LARGE_WAREHOUSE = {"insights", "large-dashboard", "macros"}


def main() -> None:
    """Measure all, or the parts named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}")
    parser.add_argument("--rows", type=int, default=10_000_000, help=SAMPLE_ROWS_HINT)
    parser.add_argument("--pairs", type=int, default=3, help="paired runs of the two loads")
    parser.add_argument("--customers", type=int, default=100_000, help="customers of the books")
    parser.add_argument("--deals", type=int, default=1_000_000, help="deals of the books")
    options = parser.parse_args()
    chosen = set(options.parts or PARTS)
    if unknown := chosen - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="revops-bench-") as folder:
        workdir = Path(folder)
        if "build" in chosen:
            build.measure(workdir, repeats=5)
        if "books" in chosen:
            books.measure(workdir / "books", options.customers, options.deals)
        desk = on_the_sample(chosen, workdir)
        if chosen & {"ingest", *OF_ONE_LARGE_WAREHOUSE}:
            on_many_rows(chosen, workdir, options.rows, options.pairs, desk)


def on_the_sample(chosen: set[str], workdir: Path) -> dashboard.Figures | None:
    """Measure what asks the warehouse of the sample; the desk's figures, if they were wanted."""
    if not chosen & {"dashboard", "insights", "sessions"}:
        return None
    pointer = published(ROOT / "data", workdir / "sample")
    if "insights" in chosen:
        insights.measure(pointer, "sample data", 5, "at most 2 s")
    if "sessions" in chosen:
        sessions.measure(pointer)
    return dashboard.measure(pointer) if "dashboard" in chosen else None


def on_many_rows(
    chosen: set[str], workdir: Path, rows: int, pairs: int, desk: dashboard.Figures | None
) -> None:
    """Measure the loads of a large marketing file, and what asks a warehouse of it."""
    large = generate(workdir / "large", rows)
    if "ingest" in chosen:
        doubled = generate(workdir / "doubled", 2 * rows)
        ingest.measure(large, doubled, workdir, pairs)
        doubled.unlink()
    if not chosen & OF_ONE_LARGE_WAREHOUSE:
        return
    data = ingest.with_small_files(large, workdir / "large-data")
    pointer = published(data, workdir / "large-warehouse")
    if "insights" in chosen:
        insights.measure(pointer, f"{rows:,} marketing rows", 3, "at most 10 s")
    if "macros" in chosen:
        macros.measure(pointer, repeats=60)
    if "large-dashboard" in chosen:
        large_desk = dashboard.measure(pointer)
        if desk and large_desk:
            dashboard.compare(desk, large_desk)


def published(data: Path, warehouse: Path) -> Path:
    """Build a warehouse of these files; the way to it."""
    run(["-m", "pipeline", "build", "--data", str(data), "--warehouse", str(warehouse)])
    return warehouse / "revops.duckdb"


def generate(folder: Path, rows: int) -> Path:
    """Write a marketing file of about `rows` rows and return its path."""
    with (ROOT / "data" / "marketing_channels.csv").open("rb") as sample:
        at_scale_one = sum(1 for _ in sample) - 1
    scale = str(max(1, round(rows / at_scale_one)))
    generator = ["-m", "revops.data_generation", "--output", str(folder)]
    run([*generator, "--scale", scale, "--only", "marketing_channels"])
    return folder / "marketing_channels.csv"


if __name__ == "__main__":
    main()
