"""The metric catalogue as Markdown: `python -m revops.docs README.md` writes it into a file."""

import argparse
import sys
from pathlib import Path

import polars as pl

from revops import metrics
from revops.errors import RevopsError
from revops.warehouse import Warehouse

START = "<!-- metrics: written by `make docs` -->"
END = "<!-- end of metrics -->"


def metric_table(catalogue: pl.DataFrame) -> str:
    """One row per KPI: name to query, label, unit, which way is better, definition.

    `catalogue` is `metrics.catalogue(warehouse)`; helper columns are left out.
    """
    lines = [
        "| domain | metric | label | unit | better | definition |",
        "|---|---|---|---|---|---|",
    ]
    for row in catalogue.filter(pl.col("role") == "kpi").iter_rows(named=True):
        cells = (row["domain"], f"`{row['metric']}`", row["label"], row["unit"])
        lines.append("| " + " | ".join([*cells, row["better"] or "", row["definition"]]) + " |")
    return "\n".join(lines)


def with_table(text: str, table: str) -> str:
    """The text with what stands between the two marks replaced by the table."""
    before, _, rest = text.partition(START)
    _, mark, after = rest.partition(END)
    if not mark:
        raise RevopsError(
            "The file has no place for the metric table.",
            "",
            f"Put the lines {START} and {END} where it shall stand.",
        )
    return f"{before}{START}\n{table}\n{END}{after}"


def main() -> int:
    """Write the table of a warehouse's metrics into a Markdown file."""
    parser = argparse.ArgumentParser(prog="python -m revops.docs", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--warehouse", default="warehouse/revops.duckdb")
    options = parser.parse_args()
    try:
        with Warehouse(options.warehouse) as warehouse:
            table = metric_table(metrics.catalogue(warehouse))
        text = options.file.read_text(encoding="utf-8")
        options.file.write_text(with_table(text, table), encoding="utf-8")
    except RevopsError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
