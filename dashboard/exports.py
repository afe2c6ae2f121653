"""CSV downloads that a spreadsheet opens as what they are: text stays text."""

import io
import re
from collections.abc import Callable

import panel_material_ui as pmui
import polars as pl

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(frame: pl.DataFrame) -> str:
    """The frame as CSV; text that a spreadsheet would take for a formula gets a leading quote.

    Headers are text too. Lists are written with semicolons between their members.
    """
    flat = frame.with_columns(
        pl.col(name).list.eval(pl.element().cast(pl.String)).list.join("; ")
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.List)
    )
    safe = flat.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, kind in flat.schema.items()
        if kind == pl.String
    )
    return safe.rename(
        {name: f"'{name}" for name in safe.columns if name.startswith(FORMULA)}
    ).write_csv()


def file_name(*parts: str) -> str:
    """An honest file name from words: lower case, dashes, nothing a file system dislikes."""
    words = re.sub(r"[^a-z0-9]+", "-", " ".join(part for part in parts if part).lower())
    return f"{words.strip('-')[:120] or 'table'}.csv"


def csv_button(title: str, frame: Callable[[], pl.DataFrame | None]) -> pmui.FileDownload:
    """A small button that downloads what the card shows now."""

    def content() -> io.BytesIO:
        shown = frame()
        return io.BytesIO(csv_text(pl.DataFrame() if shown is None else shown).encode("utf-8-sig"))

    return pmui.FileDownload(
        callback=content,
        filename=file_name(title),
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
