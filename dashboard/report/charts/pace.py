"""Targets as bars of what was reached, with a tick where the pace should be."""

import polars as pl
from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.charts import pen
from dashboard.report.charts.pen import Scale
from revops import units

ROW, LEFT, RIGHT, HEAD = 18, 132, 226, 20
BEHIND, REACHED = 4, 2
KEY = (("At or ahead of pace", REACHED), ("Behind pace", BEHIND))


def pace(frame: pl.DataFrame, brand: BrandTheme, currency: str, said: str) -> Markup:
    """`frame` has name, share, pace (shares of the target), is_ahead and note."""
    rows = frame.to_dicts()
    most = max([1.0, *(row["share"] or 0.0 for row in rows)])
    x = Scale(0.0, most, LEFT, pen.WIDE - RIGHT)
    bottom = HEAD + len(rows) * ROW
    strong, muted = pen.ink(brand, "text"), pen.ink(brand, "muted")
    parts = [
        pen.text(x.at(1), 8, "target", muted, "middle", 11),
    ]
    for place, row in enumerate(rows):
        middle = HEAD + (place + 0.5) * ROW
        parts.append(
            pen.text(LEFT - 12, middle, pen.cut(row["name"], LEFT - 12, 12), strong, "end")
        )
        parts.append(pen.rect(LEFT, middle - 5.5, x.at(most) - LEFT, 11, pen.ink(brand, "raised")))
        if row["share"] is not None:
            color = pen.ink(brand, REACHED if row["is_ahead"] else BEHIND)
            parts.append(
                pen.rect(LEFT, middle - 5.5, x.at(row["share"]) - LEFT, 11, color, row["name"])
            )
            at = x.at(row["pace"])
            parts.append(pen.line(at, middle - 8, at, middle + 8, strong, 2))
        share = units.format(row["share"], "ratio")
        parts.append(pen.text(x.at(most) + 10, middle, share, strong, "start", 12, 700))
        parts.append(pen.text(x.at(most) + 66, middle, row["note"], muted, "start", 11))
    parts.append(pen.line(x.at(1), HEAD - 4, x.at(1), bottom, muted, 1, "2 3"))
    return pen.svg(pen.WIDE, bottom + 4, parts, brand, said)
