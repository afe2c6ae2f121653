"""The funnel to scale, in two halves: what was reached, and what came of it."""

from typing import Any

import polars as pl
from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.charts import pen
from revops import units

ROW, GAP, LEFT, RIGHT = 27, 16, 96, 132


def funnel(frame: pl.DataFrame, brand: BrandTheme, currency: str, said: str) -> Markup:
    """`frame` has marketing_funnel's columns; leads end one scale and begin the other."""
    steps = frame.sort("position").to_dicts()
    at_leads = next((i for i, step in enumerate(steps) if step["metric"] == "leads"), 0)
    parts: list[Markup] = []
    top = 0.0
    for place, half in enumerate((steps[: at_leads + 1], steps[at_leads:])):
        parts += _half(half, top, place, brand)
        top += len(half) * ROW + GAP
    return pen.svg(pen.HALF, top - GAP, parts, brand, said)


def _half(steps: list[dict[str, Any]], top: float, place: int, brand: BrandTheme) -> list[Markup]:
    strong, muted = pen.ink(brand, "text"), pen.ink(brand, "muted")
    largest = max((float(step["stage_count"] or 0) for step in steps), default=0) or 1.0
    drawn = []
    for row, step in enumerate(steps):
        middle = top + (row + 0.5) * ROW
        size = float(step["stage_count"] or 0) / largest * (pen.HALF - LEFT - RIGHT)
        count = units.format(step["stage_count"], "count")
        share = units.format(step["share_of_previous"], "ratio")
        passed = f"  {share} of previous" if row and step["share_of_previous"] is not None else ""
        drawn += [
            pen.text(LEFT - 12, middle, step["label"], strong, "end"),
            pen.rect(LEFT, middle - 9, size, 18, pen.ink(brand, place * 2), step["label"]),
            pen.text(LEFT + size + 6, middle, count, strong, "start", 12, 700),
            pen.text(LEFT + size + 14 + len(count) * 7, middle, passed, muted, "start", 10),
        ]
    return drawn
