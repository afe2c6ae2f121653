"""`make bench`: the figures of the README, printed as ratios and medians of one run."""

import argparse
import platform
import tempfile
from pathlib import Path

from tests.bench import books, build, dashboard, ingest, insights, macros
from tests.bench.measure import ROOT, run

SAMPLE_ROWS_HINT = "rows of the large marketing file (default 10 million)"


def main() -> None:
    """Measure all, or the parts named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parts = ("books", "build", "dashboard", "ingest", "insights", "macros")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(parts)}")
    parser.add_argument("--rows", type=int, default=10_000_000, help=SAMPLE_ROWS_HINT)
    parser.add_argument("--pairs", type=int, default=3, help="paired runs of the two loads")
    parser.add_argument("--customers", type=int, default=100_000, help="customers of the books")
    parser.add_argument("--deals", type=int, default=1_000_000, help="deals of the books")
    options = parser.parse_args()
    chosen = set(options.parts or parts)
    if unknown := chosen - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="revops-bench-") as folder:
        workdir = Path(folder)
        if "build" in chosen:
            build.measure(workdir, repeats=5)
        if "books" in chosen:
            books.measure(workdir / "books", options.customers, options.deals)
        if "dashboard" in chosen:
            dashboard.measure(workdir)
        if "insights" in chosen:
            insights.measure(insights.build(workdir), "sample data", 5, "at most 2 s")
        if chosen & {"ingest", "insights", "macros"}:
            large = generate(workdir / "large", options.rows)
        if "ingest" in chosen:
            doubled = generate(workdir / "doubled", 2 * options.rows)
            ingest.measure(large, doubled, workdir, options.pairs)
            doubled.unlink()
        if "insights" in chosen:
            built = insights.build(workdir, large)
            insights.measure(built, f"{options.rows:,} marketing rows", 3, "at most 10 s")
        if "macros" in chosen:
            data = ingest.with_small_files(large, workdir / "macros-data")
            warehouse = workdir / "macros"
            run(["-m", "pipeline", "build", "--data", str(data), "--warehouse", str(warehouse)])
            macros.measure(str(warehouse / "revops.duckdb"), repeats=60)


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
