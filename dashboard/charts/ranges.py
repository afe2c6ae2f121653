"""A mark against its range: a value in its benchmark's bounds, a rate in its interval."""

from collections.abc import Callable

import holoviews as hv
import polars as pl
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import (
    Chart,
    Drawing,
    finished,
    numbers,
    plotting,
    texts,
    tick,
    ticks,
    top,
    write,
)
from revops import units

ROW = 30
FRAME = 44


def ranges(unit: str, range_name: str, summary: Callable[[pl.DataFrame, str], str]) -> Chart:
    """A chart of frames with the columns name, value, low, high, target and is_inside.

    The band runs from low to high, the tick is the target (None draws none), the mark is the
    value: a disc inside the band, a diamond outside it, so that colour is not needed. Names
    without a value are left out.
    """

    def prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
        frame = frame.filter(frame["value"].is_not_null())
        names = frame["name"].to_list()
        inside = [bool(one) for one in frame["is_inside"]]
        known = [*frame["value"], *frame["high"], *frame["target"]]
        columns = {
            "name": names,
            "low": numbers(frame["low"]),
            "high": numbers(frame["high"]),
            "target": numbers(frame["target"]),
            "value": numbers(frame["value"]),
            "marker": ["circle" if one else "diamond" for one in inside],
            "color": [brand.series(0) if one else brand.series(1) for one in inside],
            "label": texts(frame["value"], unit, currency),
            "label_at": numbers(
                [
                    max(one or 0, high or 0)
                    for one, high in zip(frame["value"], frame["high"], strict=True)
                ]
            ),
            "exact": [units.exact(one, unit, currency) for one in frame["value"]],
            "bounds": [
                f"{units.format(low, unit, currency)} – {units.format(high, unit, currency)}"
                for low, high in zip(frame["low"], frame["high"], strict=True)
            ],
        }
        return Drawing(
            (columns,),
            summary(frame, currency),
            y_factors=tuple(reversed(names)),
            x_span=(0, top(known, 1.02)),
            height=FRAME + ROW * max(len(names), 2),
        )

    def draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
        plot = (
            plotting(drawing.layers[0])
            .scatter(
                "value",
                "name",
                hover_cols=[name for name in drawing.layers[0] if name not in ("value", "name")],
                color="color",
                shared_axes=False,
                responsive=True,
                height=drawing.height or 300,
            )
            .opts(
                size=11,
                hover_tooltips=[("", "@name"), ("Value", "@exact"), (range_name, "@bounds")],
            )
        )
        drawn = finished(hv.render(plot, backend="bokeh"), brand, grid="x", label_pixels=62)
        _band(drawn, brand)
        drawn.xaxis.formatter = ticks(unit, currency)
        drawn.xaxis.ticker.desired_num_ticks = 5
        return drawn

    return Chart(prepare, draw)


def _band(drawn: figure, brand: BrandTheme) -> None:
    mark = drawn.renderers[0]
    source: ColumnDataSource = mark.data_source
    mark.glyph.marker = {"field": "marker"}
    drawn.hbar(
        y="name",
        left="low",
        right="high",
        height=0.5,
        fill_color=brand.neutral,
        fill_alpha=0.35,
        line_color=None,
        source=source,
    )
    tick(drawn, source, brand, "target", size=18)
    mark.level = "overlay"
    write(drawn, source, brand, "label_at", "name", "label", x_offset=10)
