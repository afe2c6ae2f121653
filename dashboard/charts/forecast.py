"""What was forecast for each past quarter, what came, and the range of the quarter ahead."""

from datetime import date, timedelta
from typing import Any

import holoviews as hv
import polars as pl
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import (
    Chart,
    Drawing,
    finished,
    moment,
    numbers,
    plotting,
    texts,
    ticks,
    times,
    top,
    write,
)
from revops import units

HEIGHT = 224
ROOM = timedelta(days=20)
ENDS = ("p10", "p50", "p90")
TEXT = 17
# hvPlot draws no empty frame; a point gives the shape that data is poured into
ONE_POINT = (times([date(2000, 1, 1)]), [0.0], ["circle"], [""], [""], [""])


def forecast(from_zero: bool = True) -> Chart:
    """A chart of frames with the columns last_day, p10, p50, p90 and actual.

    The band holds what was forecast, the marks what came: a disc inside the band, a diamond
    outside it. The row without an actual value is ahead: its range stands by itself, its three
    values written beside it.
    """

    def prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
        past = frame.filter(frame["actual"].is_not_null())
        ahead = frame.filter(frame["actual"].is_null())
        low = 0.0 if from_zero else min([*frame["p10"], *past["actual"]]) * 0.97
        span = (low, top([*frame["p90"], *frame["actual"]]))
        days: list[date] = frame["last_day"].sort().to_list()
        key = (
            ("P10–P90 as forecast then", brand.neutral),
            ("What came (a diamond lies outside)", brand.series(0)),
            ("Ahead", brand.series(1)),
        )
        return Drawing(
            (*_past(past, currency), *_ahead(ahead, (span[1] - span[0]) * TEXT / HEIGHT, currency)),
            x_span=(moment(days[0]) - ROOM, moment(days[-1]) + ROOM),
            y_span=span,
            key=key if past.height else key[2:],
        )

    def draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
        came = drawing.layers[1]
        if not len(came["came"]):
            came = dict(zip(came, ONE_POINT, strict=True))
        plot = (
            plotting(came)
            .scatter(
                "came_on",
                "came",
                hover_cols=["marker", "came_text", "came_day", "came_range"],
                color=brand.series(0),
                shared_axes=False,
                responsive=True,
                height=HEIGHT,
            )
            .opts(
                size=8,
                hover_tooltips=[
                    ("Three months to", "@came_day"),
                    ("What came", "@came_text"),
                    ("P10–P90 then", "@came_range"),
                ],
            )
        )
        drawn = finished(hv.render(plot, backend="bokeh"), brand, label_pixels=72)
        _ranges(drawn, drawing, brand)
        drawn.yaxis.formatter = ticks("money", currency)
        drawn.yaxis.ticker.desired_num_ticks = 4
        return drawn

    return Chart(prepare, draw)


def _past(past: pl.DataFrame, currency: str) -> tuple[dict[str, Any], dict[str, Any]]:
    days = past["last_day"].to_list()
    inside = past.select(pl.col("actual").is_between("p10", "p90")).to_series()
    return (
        {"day": times(days), "low": numbers(past["p10"]), "high": numbers(past["p90"])},
        {
            "came_on": times(days),
            "came": numbers(past["actual"]),
            "marker": ["circle" if one else "diamond" for one in inside],
            "came_text": texts(past["actual"], "money", currency),
            "came_day": [units.day(day) for day in days],
            "came_range": [
                " – ".join(units.apart(bounds, currency))
                for bounds in zip(past["p10"], past["p90"], strict=True)
            ],
        },
    )


def _ahead(ahead: pl.DataFrame, gap: float, currency: str) -> tuple[dict[str, Any], dict[str, Any]]:
    days = ahead["last_day"].to_list()
    ends = [row[name] for row in ahead.to_dicts() for name in ENDS]
    return (
        {
            "ahead_on": times(days),
            "ahead_low": numbers(ahead["p10"]),
            "ahead_high": numbers(ahead["p90"]),
        },
        {
            "end_on": times([day for day in days for _ in ENDS]),
            "end": numbers(ends),
            "end_text_at": numbers(_apart(ends, gap)),
            "end_text": units.apart(ends, currency),
            "end_size": [9 if place == 1 else 0 for place, _ in enumerate(ends)],
        },
    )


def _apart(ends: list[float], gap: float) -> list[float]:
    """Where to write the three values so that none lies on another; the middle one stays."""
    if len(ends) != len(ENDS):
        return ends
    low, middle, high = ends
    return [min(low, middle - gap), middle, max(high, middle + gap)]


def _ranges(drawn: figure, drawing: Drawing, brand: BrandTheme) -> None:
    past, _, ahead, ends = (ColumnDataSource(dict(layer)) for layer in drawing.layers)
    mark = drawn.renderers[0]
    mark.glyph.marker = {"field": "marker"}
    mark.level = "overlay"
    drawn.varea("day", "low", "high", source=past, fill_color=brand.neutral, fill_alpha=0.32)
    color = brand.series(1)
    drawn.segment(
        x0="ahead_on",
        x1="ahead_on",
        y0="ahead_low",
        y1="ahead_high",
        source=ahead,
        line_width=6,
        line_alpha=0.45,
        line_color=color,
    )
    drawn.scatter("end_on", "end", size="end_size", source=ends, color=color, level="overlay")
    write(
        drawn, ends, brand, "end_on", "end_text_at", "end_text", x_offset=11, text_color=brand.text
    )
