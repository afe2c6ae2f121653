"""What all figures share: data prepared apart from drawing, and new data poured into old figures.

Drawing with hvPlot costs hundreds of milliseconds, replacing a figure's data a few. So a chart
is two pure functions: one from a frame to a `Drawing` (columns, ranges, a summary sentence), one
from a `Drawing` to a figure. The figure is made once; `refill` does the rest.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import hvplot.polars  # noqa: F401  (registers .hvplot on polars frames)
import numpy as np
import polars as pl
from bokeh.core.properties import value
from bokeh.models import (
    CategoricalAxis,
    ColumnDataSource,
    CustomJSTickFormatter,
    DatetimeAxis,
    DatetimeTickFormatter,
    GlyphRenderer,
    HoverTool,
    NoOverlap,
    NumeralTickFormatter,
    PrintfTickFormatter,
    TickFormatter,
)
from bokeh.models.annotations.annotation import DataAnnotation
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from revops import units

SHORT = 1000
SHORT_NUMBER = """
const size = Math.abs(tick)
const [scale, letter] = size >= 1e9 ? [1e9, "B"] : size >= 1e6 ? [1e6, "M"] :
  size >= 1e3 ? [1e3, "K"] : [1, ""]
const digits = size > 0 && size < 10 && size % 1 ? 1 : (size / scale) % 1 ? 1 : 0
return (tick < 0 ? "−" : "") + symbol + (size / scale).toFixed(digits) + letter
"""


@dataclass(frozen=True)
class Drawing:
    """The content of a figure: one mapping of columns per data source, and its ranges.

    A data source takes its columns from the first layer that has all of them. `summary` is the
    chart's text alternative: one sentence that says what it shows. `key` names the colours.
    """

    layers: tuple[Mapping[str, Any], ...]
    summary: str = ""
    x_factors: tuple[str, ...] | None = None
    y_factors: tuple[str, ...] | None = None
    x_span: tuple[Any, Any] | None = None
    y_span: tuple[Any, Any] | None = None
    height: int | None = None
    key: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart's two halves, both pure; each also takes the brand and the currency."""

    prepare: Callable[[pl.DataFrame, BrandTheme, str], Drawing]
    draw: Callable[[Drawing, BrandTheme, str], figure]

    def drawn(self, frame: pl.DataFrame, brand: BrandTheme, currency: str = "USD") -> figure:
        """The figure for a frame in a brand."""
        drawing = self.prepare(frame, brand, currency)
        made = self.draw(drawing, brand, currency)
        refill(made, drawing)
        return made


def refill(drawn: figure, drawing: Drawing) -> None:
    """Pour a drawing's columns and ranges into a figure made for the same chart."""
    for source in sources(drawn):
        names = list(source.data)
        layer = next((one for one in drawing.layers if one.keys() >= set(names)), None)
        if layer is None:
            raise KeyError(f"no layer of the drawing has all the columns {names}")
        source.data = {name: _in_the_message(layer[name]) for name in names}
    if drawing.x_factors is not None:
        drawn.x_range.factors = list(drawing.x_factors)
    if drawing.y_factors is not None:
        drawn.y_range.factors = list(drawing.y_factors)
    if drawing.x_span is not None:
        drawn.x_range.update(start=drawing.x_span[0], end=drawing.x_span[1])
    if drawing.y_span is not None:
        drawn.y_range.update(start=drawing.y_span[0], end=drawing.y_span[1])
    if drawing.height is not None:
        drawn.height = drawing.height


def _in_the_message(column: Any) -> Any:
    """A short array as plain numbers: as arrays, each column would travel in two messages more."""
    if not isinstance(column, np.ndarray) or column.size > SHORT:
        return column
    if column.dtype.kind == "M":
        moments = column.astype("datetime64[ms]").astype("int64").astype(float)
        return np.where(np.isnat(column), np.nan, moments).tolist()
    return column.tolist()


def sources(drawn: figure) -> list[ColumnDataSource]:
    """Each data source of a figure once: read where they hang, a search would walk every model."""
    # asked for a name they lack, Bokeh's models look for similar ones, which takes longer than all
    found = [part.data_source for part in drawn.renderers if isinstance(part, GlyphRenderer)]
    found += [part.source for part in drawn.center if isinstance(part, DataAnnotation)]
    return list({source.id: source for source in found}.values())


def finished(drawn: figure, brand: BrandTheme, grid: str = "y", label_pixels: int = 22) -> figure:
    """The house style: no toolbar, no frame, one thin grid, no axis titles, touch scrolls the page.

    `label_pixels` is the room kept right of the frame for what `write` puts there.
    """
    # HoloViews asks for WebGL; a page holds more charts than a browser gives it contexts for
    drawn.output_backend = "canvas"
    drawn.toolbar_location = None
    drawn.toolbar.active_drag = None
    drawn.toolbar.active_scroll = None
    drawn.toolbar.active_tap = None
    drawn.toolbar.tools = [tool for tool in drawn.toolbar.tools if isinstance(tool, HoverTool)]
    drawn.title = None
    drawn.outline_line_color = None
    drawn.background_fill_color = brand.surface
    drawn.border_fill_color = brand.surface
    drawn.sizing_mode = "stretch_width"
    drawn.min_border_top, drawn.min_border_bottom = 8, 4
    drawn.min_border_left, drawn.min_border_right = 4, label_pixels
    drawn.xgrid.visible, drawn.ygrid.visible = "x" in grid, "y" in grid
    for axis in drawn.axis:
        axis.axis_label = None
        if not isinstance(axis, CategoricalAxis):
            axis.major_label_policy = NoOverlap(min_distance=8)
        if isinstance(axis, DatetimeAxis):
            axis.ticker.desired_num_ticks = 5
            axis.formatter = DatetimeTickFormatter(days="%-d %b", months="%b ’%y", years="%Y")
        axis.axis_line_color = None
        axis.major_tick_line_color = None
        axis.minor_tick_line_color = None
        axis.major_label_text_color = brand.muted
        axis.major_label_text_font = brand.text_font
        axis.major_label_text_font_size = "12px"
    for line in drawn.grid:
        line.grid_line_color = brand.border
        line.grid_line_alpha = 0.7
    return drawn


def plotting(columns: Mapping[str, Any]) -> Any:
    """hvPlot over a drawing's columns."""
    return cast(Any, pl.DataFrame(dict(columns))).hvplot


def tick(
    drawn: figure, source: ColumnDataSource, brand: BrandTheme, column: str, size: int
) -> None:
    """A short upright line across each name's row, where that column says."""
    drawn.scatter(
        x=column,
        y="name",
        marker="dash",
        angle=math.pi / 2,
        size=size,
        line_width=2.5,
        line_color=brand.text,
        source=source,
    )


def write(
    drawn: figure,
    source: ColumnDataSource,
    brand: BrandTheme,
    x: str,
    y: str,
    text: str,
    **style: Any,
) -> None:
    """Write a column of texts beside its points, in the brand's type; they may leave the frame."""
    look = {
        "text_font": value(brand.text_font),
        "text_font_size": "12px",
        "text_color": brand.text,
        "text_baseline": "middle",
    }
    # glyphs of the annotation level are not clipped at the frame
    drawn.text(x=x, y=y, text=text, source=source, level="annotation", **{**look, **style})


def ticks(unit: str, currency: str) -> TickFormatter:
    """Axis labels in a unit: $1.2M, 12K, 25%."""
    if unit == "multiple":
        return PrintfTickFormatter(format="%g×")
    if unit == "ratio":
        return NumeralTickFormatter(format="0%")
    symbol = units.format(0, "money", currency).rstrip("0.") if unit == "money" else ""
    return CustomJSTickFormatter(code=SHORT_NUMBER, args={"symbol": symbol})


def numbers(values: Iterable[Any]) -> np.ndarray:
    """Floats for a glyph; None becomes a gap."""
    return np.array([np.nan if value is None else float(value) for value in values], dtype=float)


def moment(day: date) -> datetime:
    """A date as the end of a time axis."""
    return datetime(day.year, day.month, day.day)


def times(values: Iterable[date | None]) -> np.ndarray:
    """Dates for a time axis."""
    return np.array(list(values), dtype="datetime64[ms]")


def texts(values: Iterable[Any], unit: str, currency: str) -> list[str]:
    """The values as people read them, for labels and tooltips."""
    return [units.format(value, unit, currency) for value in values]


def top(values: Iterable[Any], room: float = 1.05) -> float:
    """The end of an axis that starts at 0 and leaves room for labels; never 0."""
    known = [float(value) for value in values if value is not None]
    return max([*known, 0.0]) * room or 1.0


def bottom(values: Iterable[Any], room: float = 1.05) -> float:
    """The start of an axis for values that may be below 0."""
    known = [float(value) for value in values if value is not None]
    return min([*known, 0.0]) * room
