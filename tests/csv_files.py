"""Small CSV files with a three-column contract, and what the reader makes of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec
from pipeline.ingest.problems import RowProblem
from pipeline.ingest.source import CsvSource

COLUMNS = (
    ColumnSpec("deal_id", "text", True, False, "Identifier of the deal"),
    ColumnSpec("account", "text", True, True, "Company the deal is with"),
    ColumnSpec("amount", "money", True, True, "Value of the deal"),
    ColumnSpec("loss_reason", "text", False, True, "Why the deal was lost"),
)


@dataclass(frozen=True)
class Read:
    """A whole file read: its rows as (cells…, line), and the rest."""

    rows: list[tuple[Any, ...]]
    raw_rows: list[str]
    problems: list[RowProblem]
    blank_lines: int
    lines: int


def source(path: Path, content: bytes, mapping: FileConfig | None = None) -> CsvSource:
    """The content written to `path` and opened."""
    path.write_bytes(content)
    return CsvSource(path, "pipeline_deals", COLUMNS, mapping or FileConfig("pipeline_deals", path))


def read_all(opened: CsvSource, rows: int = 250_000) -> Read:
    """Every batch of a file, end to end."""
    batches = list(opened.batches(rows))
    return Read(
        rows=[row for batch in batches for row in batch.frame.rows()],
        raw_rows=[
            raw for batch in batches for raw in batch.raw_rows(list(range(batch.frame.height)))
        ],
        problems=[problem for batch in batches for problem in batch.problems],
        blank_lines=sum(batch.blank_lines for batch in batches),
        lines=sum(batch.lines for batch in batches),
    )
