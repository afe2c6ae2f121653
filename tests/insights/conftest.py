"""The company whose segments are the cases, built once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Warehouse
from tests.insights import worlds


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("insights")
    data = worlds.world().write(folder / "data")
    build(BuildOptions(data=data, warehouse=folder), Log("json"), Progress(enabled=False))
    return folder / "revops.duckdb"


@pytest.fixture(scope="session")
def world(world_file: Path) -> Iterator[Warehouse]:
    with Warehouse(world_file) as warehouse:
        yield warehouse
