"""Marketing figures: channels side by side, the weekly trend, cost per lead against its range."""

from datetime import timedelta

import holoviews as hv
import hvplot.polars  # noqa: F401  (registers .hvplot on polars frames)
import polars as pl
from bokeh.models import ColumnDataSource, Span
from bokeh.plotting import figure as Figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import (
    Chart,
    Drawing,
    bottom,
    count_ticks,
    finished,
    moment,
    money_ticks,
    numbers,
    share_ticks,
    texts,
    times,
    top,
    write,
)
from revops import units

ROW = 34
TREND = (("leads", "Leads"), ("mqls", "MQLs"), ("sqls", "SQLs"))


def _bars(drawing: Drawing, brand: BrandTheme, value: str, label: str) -> Figure:
    """Horizontal bars, one per name, each with its value written at its end."""
    plot = (
        pl.DataFrame(drawing.layers[0])
        .hvplot.barh(
            "name",
            value,
            hover_cols=["label", "label_at", "tip"],
            color=brand.series(0),
            shared_axes=False,
            responsive=True,
            height=drawing.height or 300,
        )
        .opts(line_alpha=0, bar_width=0.62, hover_tooltips=[("", "@name"), (label, "@tip")])
    )
    drawn = finished(hv.render(plot, backend="bokeh"), brand, grid="x")
    source = drawn.renderers[0].data_source
    write(drawn, source, brand, "label_at", "name", "label", x_offset=6)
    return drawn


def _channel_columns(
    frame: pl.DataFrame, value: str, unit: str, currency: str
) -> dict[str, list[object]]:
    known = [0.0 if one is None else float(one) for one in frame[value]]
    return {
        "name": frame["channel"].to_list(),
        value: numbers(frame[value]),
        "label": texts(frame[value], unit, currency),
        "label_at": [max(one, 0.0) for one in known],
        "tip": [units.exact(one, unit, currency) for one in frame[value]],
    }


def _prepare_spend(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
    ordered = frame.sort("spend", nulls_last=True)
    names = tuple(ordered["channel"].to_list())
    largest = frame.sort("spend", descending=True, nulls_last=True).row(0, named=True)
    return Drawing(
        (_channel_columns(ordered, "spend", "money", currency),),
        f"{largest['channel']} takes the most: {units.format(largest['spend'], 'money', currency)}.",
        y_factors=names,
        x_span=(0, top(frame["spend"], 1.2)),
        height=60 + ROW * len(names),
    )


def _draw_spend(drawing: Drawing, brand: BrandTheme, currency: str) -> Figure:
    drawn = _bars(drawing, brand, "spend", "Spend")
    drawn.xaxis.formatter = money_ticks(currency)
    drawn.xaxis.ticker.desired_num_ticks = 4
    return drawn


def _prepare_roi(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
    ordered = frame.sort("spend", nulls_last=True)
    names = tuple(ordered["channel"].to_list())
    known = frame.filter(frame["roi"].is_not_null()).sort("roi", descending=True)
    said = "No channel has deals linked to it, so no return is known."
    if known.height:
        best = known.row(0, named=True)
        said = f"{best['channel']} returns the most: {units.format(best['roi'], 'ratio')}."
    return Drawing(
        (_channel_columns(ordered, "roi", "ratio", currency),),
        said,
        y_factors=names,
        x_span=(bottom(frame["roi"]), top(frame["roi"], 1.25)),
        height=60 + ROW * len(names),
    )


def _draw_roi(drawing: Drawing, brand: BrandTheme, currency: str) -> Figure:
    drawn = _bars(drawing, brand, "roi", "ROI")
    drawn.renderers[0].glyph.fill_color = brand.series(1)
    drawn.xaxis.formatter = share_ticks()
    drawn.xaxis.ticker.desired_num_ticks = 4
    drawn.yaxis.visible = True
    drawn.add_layout(Span(location=0, dimension="height", line_color=brand.muted, line_width=1))
    return drawn


channel_spend = Chart(_prepare_spend, _draw_spend)
channel_roi = Chart(_prepare_roi, _draw_roi)


def _prepare_trend(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
    """Whole weeks as lines; a part week hangs on by a dashed line and a hollow mark."""
    weeks = frame.sort("week")
    whole = weeks.filter(~weeks["is_partial"])
    part = weeks.filter(weeks["is_partial"])
    layers = []
    for name, label in TREND:
        layers.append(
            {
                f"{name}_week": times(whole["week"].to_list()),
                name: numbers(whole[name]),
                f"{name}_text": texts(whole[name], "count", currency),
                f"{name}_when": [units.day(week) for week in whole["week"]],
            }
        )
        tail = pl.concat([whole.tail(1), part.tail(1)]) if part.height else whole.tail(0)
        layers.append(
            {f"{name}_tail_week": times(tail["week"].to_list()), f"{name}_tail": numbers(tail[name])}
        )
        end = whole.tail(1)
        layers.append(
            {
                f"{name}_end_week": times(end["week"].to_list()),
                f"{name}_end": numbers(end[name]),
                f"{name}_end_text": [label] * end.height,
            }
        )
    first, last = weeks["week"].min(), weeks["week"].max()
    room = max((last - first) / 9, timedelta(days=7))
    said = f"{whole.height} whole weeks" + (
        f", and {part.height} part week{'s' if part.height > 1 else ''} drawn dashed"
        if part.height
        else ""
    )
    return Drawing(
        tuple(layers),
        f"{said}. Leads include MQLs, and MQLs include SQLs, so the lines are not added up.",
        x_span=(moment(first), moment(last) + room),
        y_span=(0, top(weeks["leads"])),
    )


def _draw_trend(drawing: Drawing, brand: BrandTheme, currency: str) -> Figure:
    plot = None
    for place, (name, label) in enumerate(TREND):
        frame = pl.DataFrame(drawing.layers[3 * place])
        line = frame.hvplot.line(
            f"{name}_week",
            name,
            hover_cols=[f"{name}_text", f"{name}_when"],
            color=brand.series(place),
            line_width=2.5,
            shared_axes=False,
            responsive=True,
            height=300,
        ).opts(hover_tooltips=[("Week of", f"@{name}_when"), (label, f"@{name}_text")])
        plot = line if plot is None else plot * line
    drawn = finished(hv.render(plot.opts(show_legend=False), backend="bokeh"), brand)
    for place, (name, _) in enumerate(TREND):
        tail, end = drawing.layers[3 * place + 1], drawing.layers[3 * place + 2]
        color = brand.series(place)
        drawn.line(
            f"{name}_tail_week",
            f"{name}_tail",
            source=ColumnDataSource(dict(tail)),
            color=color,
            line_width=2,
            line_dash="dotted",
        )
        write(
            drawn,
            ColumnDataSource(dict(end)),
            brand,
            f"{name}_end_week",
            f"{name}_end",
            f"{name}_end_text",
            x_offset=10,
            text_color=color,
            text_font_size="13px",
            text_font_style="bold",
        )
    drawn.yaxis.formatter = count_ticks()
    return drawn


weekly_trend = Chart(_prepare_trend, _draw_trend)
