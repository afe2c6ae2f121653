"""Folders and warehouses that many tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.pipeline import PROJECT
from tests.support.tiny import tiny_data


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Path]:
    """`tiny(pipeline_deals="…", benchmarks=None)` writes a data folder and returns it."""

    def write(**overrides: str | None) -> Path:
        return tiny_data(tmp_path, **overrides)

    return write


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The published warehouse of the sample data, built once for all tests that read it.

    Parallel workers share the folder: the build's own lock lets one of them build,
    and the others find that nothing has changed.
    """
    from pipeline.build import BuildOptions, build
    from pipeline.log import Log
    from pipeline.progress import Progress

    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    options = BuildOptions(
        data=PROJECT / "data", warehouse=shared / "sample_warehouse", lock_timeout=300
    )
    build(options, Log("json"), Progress(enabled=False))
    return options.warehouse / "revops.duckdb"
