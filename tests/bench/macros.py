"""Every KPI macro under two filters, on a warehouse of many marketing rows."""

import itertools
import random
import time
from pathlib import Path

from revops import Filters, Warehouse, metrics
from tests.bench.measure import median, percentile_95, report

SEGMENTS = ("SMB", "MM", "ENT")
CHANNELS = ("Google Ads", "Facebook Ads", "LinkedIn", "Content Marketing", "Referral", "Inbound")


def measure(path: Path, repeats: int) -> None:
    """Print median and 95th percentile in milliseconds per domain; the cache stays cold."""
    pairs = list(itertools.product(SEGMENTS, CHANNELS))
    random.Random(7).shuffle(pairs)
    with Warehouse(path) as warehouse:
        for domain in ("marketing", "pipeline", "revenue"):
            times = []
            for segment, channel in itertools.islice(itertools.cycle(pairs), repeats):
                warehouse.refresh()
                filters = Filters(segments=(segment,), channels=(channel,))
                started = time.perf_counter()
                metrics.query(warehouse, domain, filters)
                times.append((time.perf_counter() - started) * 1000)
            figure = f"median {median(times):.0f} ms, p95 {percentile_95(times):.0f} ms"
            report(f"metrics.{domain}, two filters", figure, "p95 under 100 ms")
