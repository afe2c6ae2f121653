"""Horizontal bars: one per name, from a common zero, with the value written at the end."""

from collections.abc import Callable

import holoviews as hv
import polars as pl
from bokeh.models import Span
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import (
    Chart,
    Drawing,
    bottom,
    finished,
    numbers,
    plotting,
    texts,
    ticks,
    top,
    write,
)
from revops import units

ROW = 34
FRAME = 44
LOWEST = 282


def bars(unit: str, series: int, summary: Callable[[pl.DataFrame, str], str]) -> Chart:
    """A bar chart of frames with the columns name, value and, if wanted, note (text after it).

    The first row stands on top. `series` is the colour's place in the brand's colourway;
    `summary` makes the sentence that stands for the chart.
    """

    def prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
        names = frame["name"].to_list()
        notes = frame["note"].to_list() if "note" in frame.columns else [""] * frame.height
        labels = [
            f"{text}  ·  {note}" if note else text
            for text, note in zip(texts(frame["value"], unit, currency), notes, strict=True)
        ]
        columns = {
            "name": names,
            "value": numbers(frame["value"]),
            "label": labels,
            "label_at": numbers([max(value or 0, 0) for value in frame["value"]]),
            "exact": [units.exact(value, unit, currency) for value in frame["value"]],
        }
        return Drawing(
            (columns,),
            summary(frame, currency),
            y_factors=tuple(reversed(names)),
            x_span=(bottom(frame["value"]), top(frame["value"], 1.02)),
            height=max(LOWEST, FRAME + ROW * len(names)),
        )

    def draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
        plot = (
            plotting(drawing.layers[0])
            .barh(
                "name",
                "value",
                hover_cols=["label", "label_at", "exact"],
                color=brand.series(series),
                shared_axes=False,
                responsive=True,
                height=drawing.height or LOWEST,
            )
            .opts(line_alpha=0, bar_width=0.62, hover_tooltips=[("", "@name"), ("", "@exact")])
        )
        pixels = 62 if all(" · " not in label for label in drawing.layers[0]["label"]) else 138
        drawn = finished(hv.render(plot, backend="bokeh"), brand, grid="x", label_pixels=pixels)
        source = drawn.renderers[0].data_source
        write(drawn, source, brand, "label_at", "name", "label", x_offset=6)
        drawn.xaxis.formatter = ticks(unit, currency)
        drawn.xaxis.ticker.desired_num_ticks = 4
        drawn.add_layout(Span(location=0, dimension="height", line_color=brand.muted))
        return drawn

    return Chart(prepare, draw)
