"""A bridge from an opening to a closing amount: each movement begins where the last one ended."""

from collections.abc import Callable

import polars as pl
from bokeh.models import ColumnDataSource, FactorRange, HoverTool, Range1d
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import (
    Chart,
    Drawing,
    bottom,
    finished,
    numbers,
    texts,
    ticks,
    top,
    write,
)
from revops import units

ROW = 32
FRAME = 44
# places in the colourway: what stands, what came, what went
STANDS, CAME, WENT = 0, 2, 6


def bridge(unit: str, summary: Callable[[pl.DataFrame, str], str]) -> Chart:
    """A chart of frames with the columns name, value, deals and is_stock.

    Rows stand from top to bottom in their order. A stock starts at zero, a movement where the
    row before it ended; gains and losses differ by direction, sign and colour.
    """

    def prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
        begins, ends = _spans(frame)
        names = frame["name"].to_list()
        places = [
            STANDS if is_stock else CAME if value >= 0 else WENT
            for is_stock, value in zip(frame["is_stock"], frame["value"], strict=True)
        ]
        columns = {
            "name": names,
            "left": numbers(begins),
            "right": numbers(ends),
            "color": [brand.series(place) for place in places],
            "label": [
                f"{text}  ·  {deals:,}"
                for text, deals in zip(
                    texts(frame["value"], unit, currency), frame["deals"], strict=True
                )
            ],
            "label_at": numbers(max(pair) for pair in zip(begins, ends, strict=True)),
            "exact": [units.exact(value, unit, currency) for value in frame["value"]],
            "deals": [units.format(deals, "count") for deals in frame["deals"]],
        }
        edges = [*begins, *ends]
        return Drawing(
            (columns,),
            summary(frame, currency),
            y_factors=tuple(reversed(names)),
            x_span=(bottom(edges), top(edges, 1.02)),
            height=FRAME + ROW * len(names),
        )

    def draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
        drawn = figure(y_range=FactorRange(), x_range=Range1d(0, 1), height=drawing.height)
        source = ColumnDataSource(dict(drawing.layers[0]))
        bars = drawn.hbar(
            y="name",
            left="left",
            right="right",
            height=0.62,
            color="color",
            line_color=None,
            source=source,
        )
        tips = [("", "@name"), ("Amount", "@exact"), ("Deals", "@deals")]
        drawn.add_tools(HoverTool(renderers=[bars], tooltips=tips))
        finished(drawn, brand, grid="x", label_pixels=104)
        write(drawn, source, brand, "label_at", "name", "label", x_offset=6)
        drawn.xaxis.formatter = ticks(unit, currency)
        drawn.xaxis.ticker.desired_num_ticks = 4
        return drawn

    return Chart(prepare, draw)


def _spans(frame: pl.DataFrame) -> tuple[list[float], list[float]]:
    """Where each bar begins and ends: the geometry of a bridge."""
    begins, ends, level = [], [], 0.0
    for is_stock, value in zip(frame["is_stock"], frame["value"], strict=True):
        begin = 0.0 if is_stock else level
        level = begin + float(value)
        begins.append(begin)
        ends.append(level)
    return begins, ends
