"""The yardstick: DuckDB loads the marketing file typed, without any rule."""

import sys
from pathlib import Path

import duckdb

TYPES = {
    "date": "date",
    "channel": "varchar",
    "campaign": "varchar",
    "segment": "varchar",
    "geo": "varchar",
    "spend": "decimal(18, 6)",
    **dict.fromkeys(
        ["impressions", "clicks", "leads", "MQLs", "SQLs", "opportunities", "closed_won"],
        "bigint",
    ),
    **dict.fromkeys(["CAC", "CPL", "CTR", "CVR_stagewise", "ROI"], "double"),
}


def main(source: Path, target: Path) -> None:
    """Read `source` into a fresh warehouse file `target`."""
    header = source.open(encoding="utf-8").readline().strip().split(",")
    columns = {name: TYPES[name] for name in header}
    target.unlink(missing_ok=True)
    connection = duckdb.connect()
    connection.execute(f"attach '{target}' as raw_load (storage_version 'v1.4.0')")
    connection.execute("use raw_load")
    connection.execute(
        "create table marketing as from read_csv(?, header = true, auto_detect = false,"
        f" delim = ',', quote = '\"', columns = {columns!r})",
        [str(source)],
    )
    connection.execute("use memory")
    connection.execute("detach raw_load")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
