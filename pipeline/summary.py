"""What a build did, as the table it ends with and as fields for programs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipeline.checks import CheckResult
from pipeline.clock import Clock

NOT_KNOWN = "—"
# Values of closed months that this build changed, and all that are remembered.
RESTATED = """
    select count(*) filter (build_now = (select load_id from meta.build)), count(*)
    from meta.restatements
"""


@dataclass(frozen=True)
class FileSummary:
    """What became of one input file; money is None where the dataset has none."""

    dataset: str
    is_present: bool
    rows_read: int | None
    rows_loaded: int | None
    rows_quarantined: int | None
    amount_withheld: Decimal | None


@dataclass(frozen=True)
class Summary:
    """The outcome of a published build; `clock` tells how long it took."""

    load_id: str
    book: str
    as_of: date
    as_of_source: str
    currency: str
    files: tuple[FileSummary, ...]
    checks: tuple[CheckResult, ...]
    oddities: int
    restated: tuple[int, int]
    clock: Clock
    path: Path

    def fields(self) -> dict[str, object]:
        """The same facts for `--log-format json`."""
        return {
            "load_id": self.load_id,
            "book": self.book,
            "as_of": self.as_of,
            "as_of_source": self.as_of_source,
            "files": [vars(file) for file in self.files],
            "checks": {r.name: r.status for r in self.checks},
            "oddities": self.oddities,
            "restated": self.restated[0],
            "seconds": {name: round(seconds, 3) for name, seconds in self.clock.steps.items()},
            "path": str(self.path),
        }

    def text(self) -> str:
        """The table that a build ends with."""
        heading = ("file", "read", "loaded", "quarantined", f"withheld {self.currency}")
        rows = [heading, *(_file_cells(file) for file in self.files)]
        seconds = self.clock.steps.items()
        steps = ", ".join(f"{name} {taken:.1f} s" for name, taken in seconds)
        return "\n".join(
            (
                *_aligned(rows),
                "",
                f"checks     {checks_in_words(Counter(r.status for r in self.checks))}",
                *(f"           {line}" for line in _remarks(self.checks)),
                f"oddities   {_oddities(self.oddities)}",
                f"restated   {restated_in_words(*self.restated)}",
                f"as of      {self.as_of} ({self.as_of_source})",
                f"published  {self.path} (build {self.load_id}, book {self.book})",
                f"took       {self.clock.elapsed:.1f} s: {steps}",
            )
        )


def summarise(
    con: duckdb.DuckDBPyConnection,
    checks: Sequence[CheckResult],
    clock: Clock,
    path: Path,
) -> Summary:
    """Read from the finished build what its summary says; `clock` may still run."""
    [(load_id, book, as_of, source, currency)] = con.execute(
        "select load_id, book, as_of, as_of_source, currency from meta.build"
    ).fetchall()
    files = con.execute(
        "select dataset, is_present, rows_read, rows_loaded, rows_quarantined, amount_withheld"
        " from meta.loads"
    ).fetchall()
    [(oddities,)] = con.execute("select count(*) from meta.warnings").fetchall()
    return Summary(
        load_id=load_id,
        book=book,
        as_of=as_of,
        as_of_source=source,
        currency=currency,
        files=tuple(FileSummary(*row) for row in files),
        checks=tuple(checks),
        oddities=oddities,
        restated=con.execute(RESTATED).fetchall()[0],
        clock=clock,
        path=path,
    )


def checks_in_words(statuses: Mapping[str, int]) -> str:
    """`33 of 34 hold, 1 warns, 4 not applicable`, from how many checks have each status.

    Whatever failed in a published build is a warning.
    """
    held, warned = statuses.get("passed", 0), statuses.get("failed", 0)
    idle = statuses.get("not applicable", 0)
    words = [f"{held} of {held + warned} hold"]
    if warned:
        words.append(f"{warned} {'warns' if warned == 1 else 'warn'}")
    if idle:
        words.append(f"{idle} not applicable")
    return ", ".join(words)


def restated_in_words(by_this_build: int, in_all: int) -> str:
    """What became of closed months, from how many of their values changed."""
    if not in_all:
        return "no value of a closed month has changed"
    words = f"{by_this_build:,} values of closed months changed" if by_this_build else "none now"
    earlier = in_all - by_this_build
    if earlier:
        words += f", {earlier:,} by earlier builds"
    return f"{words}: select * from restatements"


def _remarks(results: Sequence[CheckResult]) -> list[str]:
    failed = [result for result in results if result.status == "failed"]
    return [f"{r.name}: {r.rows_failed:,} of {r.rows_tested:,} rows" for r in failed]


def _oddities(kinds: int) -> str:
    if not kinds:
        return "none"
    return f"{kinds} kinds kept and counted: select * from meta.warnings"


def _file_cells(file: FileSummary) -> tuple[str, ...]:
    if not file.is_present:
        return (file.dataset, "absent", "", "", "")
    counts = (file.rows_read, file.rows_loaded, file.rows_quarantined)
    money = "" if file.amount_withheld is None else f"{file.amount_withheld:,.2f}"
    return (file.dataset, *(_count(count) for count in counts), money)


def _count(value: int | None) -> str:
    return NOT_KNOWN if value is None else f"{value:,}"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Columns side by side: names to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
