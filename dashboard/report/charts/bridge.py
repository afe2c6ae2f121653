"""A bridge in columns: each movement begins where the last one ended."""

import polars as pl
from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.charts import pen
from dashboard.report.charts.pen import Scale
from revops import units

HEIGHT, LEFT, TOP, BOTTOM = 250, 58, 34, 28
# places in the colourway: what stands, what came, what went
STANDS, CAME, WENT = 0, 2, 6
KEY = (("Open", STANDS), ("Came", CAME), ("Went", WENT))


def bridge(frame: pl.DataFrame, brand: BrandTheme, currency: str, said: str) -> Markup:
    """`frame` has name, value, deals and is_stock, in the order of the columns to draw."""
    spans = _spans(frame)
    ends = [level for span in spans for level in span]
    y = Scale(min([0.0, *ends]), max([*ends, 1.0]), HEIGHT - BOTTOM, TOP)
    muted, strong = pen.ink(brand, "muted"), pen.ink(brand, "text")
    ground = pen.ink(brand, "surface")
    parts = []
    for tick in y.ticks():
        at = y.at(tick)
        parts.append(pen.line(LEFT, at, pen.WIDE, at, pen.ink(brand, "border")))
        words = units.format(tick, "money", currency)
        parts.append(pen.text(LEFT - 8, at, words, muted, "end", 11))
    band = (pen.WIDE - LEFT) / len(spans)
    for place, (row, (begin, end)) in enumerate(zip(frame.to_dicts(), spans, strict=True)):
        left, middle = LEFT + place * band, LEFT + (place + 0.5) * band
        top = min(y.at(begin), y.at(end))
        color = STANDS if row["is_stock"] else CAME if row["value"] >= 0 else WENT
        amount = units.format(row["value"], "money", currency)
        parts += [
            pen.rect(
                left + band * 0.14,
                top,
                band * 0.72,
                abs(y.at(begin) - y.at(end)),
                pen.ink(brand, color),
                f"{row['name']}: {units.exact(row['value'], 'money', currency)}",
            ),
            pen.text(middle, top - 21, amount, strong, "middle", 12, 700, ground),
            pen.text(middle, top - 8, _deals(row["deals"]), muted, "middle", 10, halo=ground),
            pen.text(middle, HEIGHT - 12, pen.cut(row["name"], band, 12), strong, "middle", 12),
        ]
        if place < len(spans) - 1:
            parts.append(
                pen.line(left + band * 0.86, y.at(end), left + band * 1.14, y.at(end), muted)
            )
    return pen.svg(pen.WIDE, HEIGHT, parts, brand, said)


def _spans(frame: pl.DataFrame) -> list[tuple[float, float]]:
    level, spans = 0.0, []
    for value, is_stock in frame.select("value", "is_stock").iter_rows():
        begin = 0.0 if is_stock else level
        level = float(value or 0) if is_stock else level + float(value or 0)
        spans.append((begin, level))
    return spans


def _deals(count: int) -> str:
    return f"{count:,} deal{'' if count == 1 else 's'}"
