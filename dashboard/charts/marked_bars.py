"""Horizontal bars against one mark: a value, what it is made of above it, a tick to reach."""

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
    tick,
    ticks,
    top,
    write,
)
from revops import units

ROW = 58
FRAME = 44
LOWEST = 282
NOTE_ABOVE = -22
# of the longest label, "≥ 12.5× of ≥ 10.5×"
LABEL = 124
TICK = "@asked @mark_note"


def marked_bars(unit: str, summary: Callable[[pl.DataFrame, str], str]) -> Chart:
    """A chart of frames with the columns name, value, mark (None draws none), label and notes.

    `note` says what the value is made of, `mark_note` in the tooltip what the mark leaves out.
    `label` is written right of all bars, `note` above its bar: no tick lies on a text, and both
    have room on a phone.
    A bar that does not reach its mark has the second colour; the tick says it without colour. One
    without a mark is neither: it is neutral. A name without a value keeps its row and its label.
    """

    def prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
        names, end = frame["name"].to_list(), top([*frame["value"], *frame["mark"]], 1.02)
        columns = {
            "name": names,
            "value": numbers(frame["value"]),
            "label": frame["label"].to_list(),
            "label_at": numbers([0 if value is None else end for value in frame["value"]]),
            "note": frame["note"].to_list(),
            "exact": [units.exact(value, unit, currency) for value in frame["value"]],
            "color": [
                brand.neutral if mark is None else brand.series(int((value or 0) < mark))
                for value, mark in zip(frame["value"], frame["mark"], strict=True)
            ],
            "zero": [0.0] * frame.height,
            "mark": numbers(frame["mark"]),
            "asked": [units.exact(mark, unit, currency) for mark in frame["mark"]],
            "mark_note": frame["mark_note"].to_list(),
        }
        return Drawing(
            (columns,),
            summary(frame, currency),
            y_factors=tuple(reversed(names)),
            x_span=(0, end),
            height=max(LOWEST, FRAME + ROW * len(names)),
        )

    def draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
        plot = (
            plotting(drawing.layers[0])
            .barh(
                "name",
                "value",
                hover_cols=[name for name in drawing.layers[0] if name not in ("name", "value")],
                color="color",
                shared_axes=False,
                responsive=True,
                height=drawing.height or LOWEST,
            )
            .opts(
                line_alpha=0,
                bar_width=0.34,
                hover_tooltips=[("", "@name"), ("", "@note"), ("", "@exact"), ("Tick", TICK)],
            )
        )
        drawn = finished(hv.render(plot, backend="bokeh"), brand, grid="", label_pixels=LABEL)
        _written(drawn, brand)
        drawn.xaxis.formatter = ticks(unit, currency)
        drawn.xaxis.ticker.desired_num_ticks = 4
        return drawn

    return Chart(prepare, draw)


def _written(drawn: figure, brand: BrandTheme) -> None:
    source: ColumnDataSource = drawn.renderers[0].data_source
    tick(drawn, source, brand, "mark", size=24)
    write(drawn, source, brand, "label_at", "name", "label", x_offset=8, text_font_style="bold")
    write(drawn, source, brand, "zero", "name", "note", y_offset=NOTE_ABOVE, text_color=brand.muted)
