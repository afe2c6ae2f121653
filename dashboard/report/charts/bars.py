"""Horizontal bars from one zero line, each with its name, value and a note."""

import polars as pl
from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.charts import pen
from dashboard.report.charts.pen import Scale
from revops import units

ROW, SIZE = 21, 12
LONGEST_NAME = 0.34


def bars(
    frame: pl.DataFrame,
    brand: BrandTheme,
    currency: str,
    said: str,
    unit: str = "money",
    color: int = 0,
    width: float = pen.HALF,
    row_height: float = ROW,
) -> Markup:
    """`frame` has name, value and note; a value that is not known shows — and no bar."""
    rows = frame.select("name", "value", "note").to_dicts()
    labels = [
        " · ".join(
            part for part in (units.format(row["value"], unit, currency), row["note"]) if part
        )
        for row in rows
    ]
    left = min(pen.room_for([row["name"] for row in rows], SIZE), width * LONGEST_NAME) + 12
    known = [float(row["value"]) for row in rows if row["value"] is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    room = pen.room_for(labels, 11) + 8
    x = Scale(low, high or 1.0, left + (room if low < 0 else 0), width - room)
    strong, muted = pen.ink(brand, "text"), pen.ink(brand, "muted")
    parts = []
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        middle = (place + 0.5) * row_height
        parts.append(pen.text(left - 12, middle, pen.cut(row["name"], left, SIZE), strong, "end"))
        if row["value"] is None:
            parts.append(pen.text(x.at(0) + 6, middle, label, muted, "start", 11))
            continue
        value = float(row["value"])
        ends = sorted((x.at(0), x.at(value)))
        parts.append(
            pen.rect(
                ends[0],
                middle - 7,
                ends[1] - ends[0],
                14,
                pen.ink(brand, color if value >= 0 else 6),
                f"{row['name']}: {units.exact(value, unit, currency)}",
            )
        )
        if value >= 0:
            parts.append(pen.text(ends[1] + 6, middle, label, strong, "start", 11))
        else:
            parts.append(pen.text(ends[0] - 6, middle, label, strong, "end", 11))
    zero = pen.line(x.at(0), 2, x.at(0), len(rows) * row_height - 2, pen.ink(brand, "neutral"))
    return pen.svg(width, max(len(rows), 1) * row_height, [*parts, zero], brand, said)
