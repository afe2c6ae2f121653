"""Lines over time: whole periods joined, part periods as hollow marks, names at the lines' ends."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import holoviews as hv
import numpy as np
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

MOST_SERIES = 8
HEIGHT = 282
NAME_HEIGHT = 19
DAY_ONE = date(2000, 1, 1)


def lines(
    unit: str,
    period: str,
    summary: Callable[[pl.DataFrame, str], str],
    series: int = MOST_SERIES,
    first_color: int = 0,
    from_zero: bool = True,
    height: int = HEIGHT,
) -> Chart:
    """A line chart of frames with the columns series, position, start, value, is_partial.

    `position` is a series' fixed place in the colourway (0 to `series` − 1), so that a filter
    never changes a line's colour. `period` names what a point is ("Week of").
    """

    def prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
        layers: list[dict[str, Any]] = []
        starts: list[date] = frame["start"].sort().to_list()
        first, last = starts[0], starts[-1]
        for place in range(series):
            rows = frame.filter(frame["position"] == place).sort("start")
            layers += _layers(rows, place, series, last, unit, currency)
        room = max((last - first) / 40, timedelta(days=3))
        low = 0.0 if from_zero else min(float(one) for one in frame["value"].drop_nulls()) * 0.96
        _keep_names_apart(layers, (top(frame["value"]) - low) * NAME_HEIGHT / height)
        return Drawing(
            tuple(layers),
            summary(frame, currency),
            x_span=(moment(first) - room, moment(last) + room),
            y_span=(low, top(frame["value"])),
        )

    def draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
        plot = _plot(drawing, brand, period, series, first_color).opts(height=height)
        pixels = 74 if series > 1 else 22
        drawn = finished(hv.render(plot, backend="bokeh"), brand, label_pixels=pixels)
        for place in range(series):
            _part_and_name(drawn, drawing, brand, place, brand.series(first_color + place))
        drawn.yaxis.formatter = ticks(unit, currency)
        drawn.yaxis.ticker.desired_num_ticks = 5
        return drawn

    return Chart(prepare, draw)


def _layers(
    rows: pl.DataFrame, place: int, series: int, last: date, unit: str, currency: str
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    whole = rows.filter(~rows["is_partial"])
    part = rows.filter(rows["is_partial"])
    end = whole.tail(1)
    return (
        {
            f"start{place}": times(whole["start"].to_list()),
            f"value{place}": numbers(whole["value"]),
            f"text{place}": texts(whole["value"], unit, currency),
            f"when{place}": [units.day(start) for start in whole["start"]],
            f"name{place}": whole["series"].to_list(),
        },
        {
            f"part_start{place}": times(part["start"].to_list()),
            f"part_value{place}": numbers(part["value"]),
        },
        {
            f"end_start{place}": times([last] * end.height),
            f"end_value{place}": numbers(end["value"]),
            # a single line is named by the card's title
            f"end_name{place}": end["series"].to_list() if series > 1 else [""] * end.height,
            # one period alone makes no line
            f"lone_start{place}": times(end["start"].to_list()),
            f"lone_value{place}": numbers(end["value"])
            if whole.height == 1
            else np.full(end.height, np.nan),
        },
    )


def _keep_names_apart(layers: list[dict[str, Any]], gap: float) -> None:
    """Move the names at the lines' ends up where two would lie on each other."""
    ends = [
        layer[key]
        for layer in layers
        for key in layer
        if key.startswith("end_value") and len(layer[key]) and not np.isnan(layer[key][0])
    ]
    lowest = -np.inf
    for values in sorted(ends, key=lambda end: end[0]):
        values[0] = max(values[0], lowest + gap)
        lowest = values[0]


def _plot(
    drawing: Drawing, brand: BrandTheme, period: str, series: int, first_color: int
) -> hv.Overlay:
    plots = []
    for place in range(series):
        columns = drawing.layers[3 * place]
        if not len(columns[f"name{place}"]):
            # hvPlot draws no empty frame; a point gives the shape that data is poured into
            columns = dict(zip(columns, (times([DAY_ONE]), [0.0], [""], [""], [""]), strict=True))
        line = plotting(columns).line(
            f"start{place}",
            f"value{place}",
            hover_cols=[f"text{place}", f"when{place}", f"name{place}"],
            color=brand.series(first_color + place),
            line_width=2.5,
            shared_axes=False,
            responsive=True,
            height=HEIGHT,
        )
        tips = [("", f"@name{place}"), (period, f"@when{place}"), ("Value", f"@text{place}")]
        plots.append(line.opts(hover_tooltips=tips))
    return hv.Overlay(plots).opts(show_legend=False)


def _part_and_name(
    drawn: figure, drawing: Drawing, brand: BrandTheme, place: int, color: str
) -> None:
    _, part, end = drawing.layers[3 * place : 3 * place + 3]
    drawn.scatter(
        f"part_start{place}",
        f"part_value{place}",
        source=ColumnDataSource(dict(part)),
        size=7,
        line_width=2,
        line_color=color,
        fill_color=brand.surface,
        level="annotation",
    )
    last = ColumnDataSource(dict(end))
    drawn.scatter(
        f"lone_start{place}",
        f"lone_value{place}",
        source=last,
        size=7,
        line_color=color,
        fill_color=color,
        level="annotation",
    )
    write(
        drawn,
        last,
        brand,
        f"end_start{place}",
        f"end_value{place}",
        f"end_name{place}",
        x_offset=14,
        text_color=color,
        text_font_size="13px",
        text_font_style="bold",
    )
