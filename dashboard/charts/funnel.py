"""The funnel, drawn to scale: each bar is as long as its count, from one common zero."""

import polars as pl
from bokeh.models import ColumnDataSource, FactorRange, HoverTool, Range1d
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import Chart, Drawing, finished, numbers, texts, top, write
from revops import units

ROW = 40


def _prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
    """`frame`: stage, count, share_of_previous, share_of_first; in order, first stage on top."""
    names = frame["stage"].to_list()
    previous = texts(frame["share_of_previous"], "ratio", currency)
    first = texts(frame["share_of_first"], "ratio", currency)
    labels = [
        text if place == 0 else f"{text}  ·  {share} of {names[place - 1]}"
        for place, (text, share) in enumerate(
            zip(texts(frame["count"], "count", currency), previous, strict=True)
        )
    ]
    columns = {
        "name": names,
        "count": numbers(frame["count"]),
        "label": labels,
        "label_at": numbers([value or 0 for value in frame["count"]]),
        "exact": [units.exact(value, "count") for value in frame["count"]],
        "of_previous": ["—", *previous[1:]],
        "of_first": first,
    }
    return Drawing(
        (columns,),
        f"{first[-1]} of {names[0].lower()} reach {names[-1].lower()}." if len(names) > 1 else "",
        y_factors=tuple(reversed(names)),
        x_span=(0, top(frame["count"], 1.02)),
        height=24 + ROW * len(names),
    )


def _draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
    drawn = figure(
        y_range=FactorRange(*(drawing.y_factors or ())), x_range=Range1d(0, 1), height=280
    )
    source = ColumnDataSource(dict(drawing.layers[0]))
    bars = drawn.hbar(
        y="name", left=0, right="count", height=0.66, color=brand.series(0), source=source
    )
    write(drawn, source, brand, "label_at", "name", "label", x_offset=8)
    drawn.add_tools(
        HoverTool(
            renderers=[bars],
            tooltips=[
                ("", "@name"),
                ("Count", "@exact"),
                ("Of previous", "@of_previous"),
                ("Of first", "@of_first"),
            ],
        )
    )
    finished(drawn, brand, grid="", label_pixels=150)
    drawn.xaxis.visible = False
    return drawn


funnel = Chart(_prepare, _draw)
