"""What is counted while the dashboard is served, in the format Prometheus reads."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SHARED = "PROMETHEUS_MULTIPROC_DIR"


class Meters:
    """Counters of this server. Several processes add theirs up through files in `shared`."""

    def __init__(self, shared: Path | None = None) -> None:
        if shared is not None:
            os.environ[SHARED] = str(shared)
        # decides while it is imported whether its numbers are kept in files
        from prometheus_client import (
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            disable_created_metrics,
        )

        disable_created_metrics()

        self.shared = shared
        self.registry = CollectorRegistry()
        self.queries = Counter(
            "revops_queries",
            "Questions put to the warehouse that no cache could answer, by what came of them.",
            ("outcome",),
            registry=self.registry,
        )
        self.query_seconds = Histogram(
            "revops_query_seconds",
            "Seconds a question took, by the table, view or macro it is about.",
            ("about",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.sessions = Gauge(
            "revops_sessions",
            "Open pages: connected to a browser, or held for one that may come back.",
            ("state",),
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.opened = Counter("revops_sessions_opened", "Pages made.", registry=self.registry)
        self.errors = Counter(
            "revops_errors",
            "Log lines of level error, by logger.",
            ("logger",),
            registry=self.registry,
        )

    def exposition(self) -> tuple[bytes, str]:
        """All numbers as text, with its content type; of all processes where there are several."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        if self.shared is None:
            return generate_latest(self.registry), CONTENT_TYPE_LATEST
        self._forget_the_dead(self.shared)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self.shared))
        return generate_latest(together), CONTENT_TYPE_LATEST

    def count_errors(self) -> None:
        """Count every line of level error that is logged from now on."""
        logging.getLogger().addHandler(_Counting(self))

    def _forget_the_dead(self, shared: Path) -> None:
        """What a process that ended held open is open no longer; what it counted stays."""
        for file in shared.glob("gauge_live*_*.db"):
            process = int(file.stem.rpartition("_")[2])
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                file.unlink(missing_ok=True)


class _Counting(logging.Handler):
    def __init__(self, meters: Meters) -> None:
        super().__init__(logging.ERROR)
        self._meters = meters

    def emit(self, record: logging.LogRecord) -> None:
        """One more error of that library, or of ours."""
        self._meters.errors.labels(record.name.partition(".")[0]).inc()


@contextmanager
def meters_of(processes: int) -> Iterator[Meters]:
    """The counters of a server of so many processes, and a folder for them while it runs."""
    if processes == 1:
        yield Meters()
        return
    with TemporaryDirectory(prefix="revops-meters-", ignore_cleanup_errors=True) as folder:
        yield Meters(Path(folder))
