"""Bars of 100 %: what became of the deals of each slice."""

import polars as pl
from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.charts import pen
from revops import units

ROW, LEFT, RIGHT = 26, 130, 96
# column, name, place in the colourway
PARTS = (
    ("won_share", "Won", 2),
    ("slipped_share", "Slipped", 1),
    ("other_share", "Otherwise", 7),
    ("lost_share", "Lost", 6),
)
KEY = tuple((name, place) for _, name, place in PARTS)
ROOM_FOR_TEXT = 40


def shares(frame: pl.DataFrame, brand: BrandTheme, currency: str, said: str) -> Markup:
    """`frame` has slippage_shares' columns: one row per slice, shares that make up the whole."""
    rows = frame.to_dicts()
    room = pen.HALF - LEFT - RIGHT
    strong, muted = pen.ink(brand, "text"), pen.ink(brand, "muted")
    drawn = []
    for place, row in enumerate(rows):
        middle, left = (place + 0.5) * ROW, float(LEFT)
        drawn.append(pen.text(LEFT - 12, middle, pen.cut(row["slice"], LEFT - 12), strong, "end"))
        for column, name, color in PARTS:
            share = row[column] or 0.0
            if share <= 0:
                continue
            told = units.format(share, "ratio")
            width = share * room
            drawn.append(
                pen.rect(left, middle - 9, width - 1, 18, pen.ink(brand, color), f"{name} {told}")
            )
            if width >= ROOM_FOR_TEXT:
                words = pen.text(
                    left + width / 2, middle, told, pen.ink(brand, "page"), "middle", 11, 700
                )
                drawn.append(words)
            left += width
        said_due = f"{row['due_deals']:,} due"
        drawn.append(pen.text(pen.HALF - RIGHT + 8, middle, said_due, muted, "start", 11))
    return pen.svg(pen.HALF, max(len(rows), 1) * ROW, drawn, brand, said)
