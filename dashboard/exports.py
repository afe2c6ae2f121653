"""Downloads that a spreadsheet opens as what they are, under names that say what they hold."""

import io
import re
from collections.abc import Callable
from datetime import date

import panel_material_ui as pmui
import polars as pl

from dashboard.desk import Desk
from dashboard.wording import books_said
from dashboard.workbook import Sheet, flat, workbook
from revops import Filters, metrics, units

LONGEST_PART = 60
MOST_NAMED = 3


def csv_text(frame: pl.DataFrame) -> str:
    """The frame as CSV; text that a spreadsheet would take for a formula gets a leading quote."""
    return flat(frame).write_csv()


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """The same, marked as UTF-8 so that a spreadsheet reads it as such."""
    return csv_text(frame).encode("utf-8-sig")


def file_name(title: str, filters: Filters, as_of: date, kind: str) -> str:
    """ "revops_channels_smb_2025-11-01_2026-10-31_as-of-2026-10-31.xlsx".

    Lower case, dashes inside a part, nothing a file system dislikes.
    """
    kept = [
        " ".join(members) if len(members) <= MOST_NAMED else f"{len(members)} {name}"
        for name, members in filters.members().items()
    ]
    days = [day.isoformat() for day in (filters.since, filters.last_day) if day]
    parts = [_slug(title) or "table", _slug(" ".join(kept)), *days, f"as-of-{as_of.isoformat()}"]
    return "_".join(["revops", *(part for part in parts if part)]) + f".{kind}"


def about(desk: Desk, title: str, said: str = "") -> list[tuple[str, str]]:
    """What the first sheet of a workbook says of it: subject, filters, as-of date, build, books."""
    build = desk.warehouse.build
    return [
        ("What", title),
        ("Shows", said),
        ("Filters", desk.state.describe()),
        ("Data as of", units.day(build.as_of)),
        ("Build", build.load_id),
        ("Books", books_said(desk.warehouse)),
        ("Currency", build.currency),
    ]


def table_workbook(desk: Desk, title: str, said: str, frame: pl.DataFrame) -> bytes:
    """One table as XLSX: a sheet that says what it is with its definitions, then the rows."""
    known = metrics.catalogue(desk.warehouse).filter(pl.col("metric").is_in(frame.columns))
    meanings = [
        (f"{row['metric']} ({row['domain']})", row["definition"])
        for row in known.iter_rows(named=True)
    ]
    return workbook(
        [*about(desk, title, said), *meanings], [Sheet(title, frame)], desk.warehouse.build.as_of
    )


def csv_button(title: str, frame: Callable[[], pl.DataFrame | None]) -> pmui.FileDownload:
    """A small button that downloads rows as CSV."""

    def content() -> io.BytesIO:
        shown = frame()
        return io.BytesIO(csv_bytes(pl.DataFrame() if shown is None else shown))

    return pmui.FileDownload(
        callback=content,
        filename=f"{_slug(title)}.csv",
        auto=True,
        embed=False,
        label="CSV",
        variant="text",
        size="small",
        icon_size="15px",
        margin=(-6, -10, 0, 0),
        width=74,
        align="start",
        description=f"Download “{title}” as CSV",
    )


def _slug(words: str) -> str:
    """Letters and digits of any script, joined by dashes."""
    return re.sub(r"[\W_]+", "-", words.lower()).strip("-")[:LONGEST_PART].strip("-")
