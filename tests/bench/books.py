"""The books of a large company: from loaded rows to checked marts, and a waterfall's answer."""

import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

from tests.bench.book_rows import AS_OF
from tests.bench.measure import Run, median, percentile_95, report, run

WATERFALL = "select * from reports.pipeline_waterfall($1, $2, $1, $3)"
# First and last day, and the end of the window in which the deals are due.
BETWEEN = [
    (AS_OF - timedelta(days=days), AS_OF - timedelta(days=days - length), AS_OF)
    for days, length in ((600, 90), (400, 30), (365, 365), (300, 180), (91, 91), (30, 7))
]


def measure(workdir: Path, customers: int, deals: int) -> None:
    """Print time and memory of both books, and how long a waterfall takes."""
    workdir.mkdir(exist_ok=True)
    revenue = built(workdir / "revenue.duckdb", "revenue", customers)
    report(f"revenue books of {customers:,} customers", figures(revenue), "at most 15 s and 2 GB")
    target = workdir / "pipeline.duckdb"
    report(f"deal spans of {deals:,} deals", figures(built(target, "pipeline", deals)), "printed")
    with duckdb.connect(str(target), read_only=True) as con:
        con.execute("set threads = 2")
        [(spans,)] = con.execute("select count(*) from marts.deal_states").fetchall()
        times = [seconds(con, days) for days in (*BETWEEN, *BETWEEN)][len(BETWEEN) :]
    figure = f"median {median(times):.2f} s, p95 {percentile_95(times):.2f} s"
    report(f"waterfall over {spans:,} spans", figure, "under 1 s")
    target.unlink()


def built(target: Path, kind: str, rows: int) -> Run:
    """Generate the rows, then measure models and checks in a process of their own."""
    run(["-m", "tests.bench.book_rows", kind, str(rows), str(target)])
    return run(["-m", "tests.bench.book_models", kind, str(target)])


def seconds(con: duckdb.DuckDBPyConnection, days: tuple[date, date, date]) -> float:
    """How long one waterfall takes."""
    started = time.perf_counter()
    con.execute(WATERFALL, list(days)).fetchall()
    return time.perf_counter() - started


def figures(measured: Run) -> str:
    """Wall and CPU seconds, and the peak in gigabytes."""
    return f"{measured.wall:.1f} s, cpu {measured.cpu:.1f} s, {measured.peak / 1e9:.2f} GB"
