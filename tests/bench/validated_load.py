"""What a build does to its inputs before any model runs: contract, type, validate, load."""

import sys
from pathlib import Path

import duckdb

from pipeline.config import load_config
from pipeline.ingest.load import load_all


def main(data: Path, target: Path) -> None:
    """Load the data folder into a fresh warehouse file `target`."""
    target.unlink(missing_ok=True)
    connection = duckdb.connect()
    connection.execute(f"attach '{target}' as warehouse (storage_version 'v1.4.0')")
    connection.execute("use warehouse")
    for schema in ("raw", "meta", "quarantine"):
        connection.execute(f"create schema {schema}")
    load_all(connection, load_config(None, data), "bench", strict=True, progress=None)
    connection.execute("use memory")
    connection.execute("detach warehouse")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
