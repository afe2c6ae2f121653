"""Curves of shares by age: solid as far as all are that old, dashed beyond, named at the ends."""

from collections.abc import Callable, Mapping
from typing import Any

import holoviews as hv
import polars as pl
from bokeh.models import ColumnDataSource, SingleIntervalTicker
from bokeh.plotting import figure

from dashboard.brands import BrandTheme
from dashboard.charts.base import (
    Chart,
    Drawing,
    finished,
    numbers,
    plotting,
    texts,
    ticks,
    top,
    write,
)
from revops import units

HEIGHT = 282
NAME_HEIGHT = 16
EVERY_DAYS = 30


def curves(most: int, days: int, summary: Callable[[pl.DataFrame, str], str]) -> Chart:
    """A chart of frames with cohort, position, day, share, at_risk, is_mature and is_partial.

    `position` (0 to `most` − 1) is a cohort's place in the colourway, `cohort` the first day of
    its period, of which a partial one holds only some deals, `days` the last age shown.
    """

    def prepare(frame: pl.DataFrame, brand: BrandTheme, currency: str) -> Drawing:
        frame = frame.filter(frame["day"] <= days).sort("position", "day")
        y_end = top(frame["share"], 1.08)
        layers: list[dict[str, Any]] = []
        for place in range(most):
            rows = frame.filter(frame["position"] == place)
            whole, tail = rows.filter("is_mature"), rows.filter(~rows["is_mature"])
            layers.append(_layer("", place, whole))
            # the dashes go on where the solid part ends
            joined = pl.concat([whole.tail(1), tail]) if tail.height else tail
            layers.append(_layer("tail_", place, joined))
        layers.append(_names(frame, brand, y_end * NAME_HEIGHT / HEIGHT))
        return Drawing(tuple(layers), summary(frame, currency), x_span=(0, days), y_span=(0, y_end))

    def draw(drawing: Drawing, brand: BrandTheme, currency: str) -> figure:
        plots = []
        for place in range(most):
            whole, tail = drawing.layers[2 * place : 2 * place + 2]
            plots.append(_line("tail_", place, tail, brand, "dashed"))
            plots.append(_line("", place, whole, brand, "solid"))
        plot = hv.Overlay(plots).opts(show_legend=False, height=HEIGHT)
        drawn = finished(hv.render(plot, backend="bokeh"), brand, label_pixels=84)
        write(
            drawn,
            ColumnDataSource(dict(drawing.layers[-1])),
            brand,
            "end_day",
            "end_share",
            "end_name",
            x_offset=6,
            text_color={"field": "end_color"},
            text_font_style="bold",
            background_fill_color=brand.surface,
            background_fill_alpha=0.9,
        )
        drawn.xaxis.ticker = SingleIntervalTicker(interval=EVERY_DAYS, num_minor_ticks=0)
        drawn.yaxis.formatter = ticks("ratio", currency)
        drawn.yaxis.ticker.desired_num_ticks = 5
        return drawn

    return Chart(prepare, draw)


def _layer(part: str, place: int, rows: pl.DataFrame) -> dict[str, Any]:
    return {
        f"{part}day{place}": numbers(rows["day"]),
        f"{part}share{place}": numbers(rows["share"]),
        f"{part}share_text{place}": texts(rows["share"], "ratio", ""),
        f"{part}at_risk{place}": texts(rows["at_risk"], "count", ""),
        f"{part}cohort{place}": [
            units.day(start) + (", in part" if is_partial else "")
            for start, is_partial in rows.select("cohort", "is_partial").iter_rows()
        ],
    }


def _line(
    part: str, place: int, columns: Mapping[str, Any], brand: BrandTheme, dash: str
) -> hv.Curve:
    if not len(columns[f"{part}day{place}"]):
        # hvPlot draws no empty frame; a point gives the shape that data is poured into
        columns = dict(zip(columns, ([0.0], [0.0], [""], [""], [""]), strict=True))
    text, at_risk, cohort = (f"{part}{name}{place}" for name in ("share_text", "at_risk", "cohort"))
    line = plotting(columns).line(
        f"{part}day{place}",
        f"{part}share{place}",
        hover_cols=[text, at_risk, cohort],
        color=brand.series(place),
        line_width=2.5 if dash == "solid" else 1.75,
        line_dash=dash,
        shared_axes=False,
        responsive=True,
        height=HEIGHT,
    )
    tips = [
        ("Created in the quarter from", f"@{cohort}"),
        ("Days", f"@{part}day{place}"),
        ("Won", f"@{text}"),
        ("Deals watched that long", f"@{at_risk}"),
    ]
    return line.opts(hover_tooltips=tips)


def _names(frame: pl.DataFrame, brand: BrandTheme, gap: float) -> dict[str, Any]:
    """Each curve's name at its end; where several end on one day, none lies on another."""
    ends = frame.group_by("position").agg(pl.all().last()).sort("day", "share")
    by_day = ends.partition_by("day", maintain_order=True)
    heights = [apart(group["share"].to_list(), gap) for group in by_day]
    return {
        "end_day": numbers(ends["day"]),
        "end_share": numbers([height for group in heights for height in group]),
        "end_name": [
            f"{start:%b ’%y}" + (" part" if is_partial else "")
            for start, is_partial in ends.select("cohort", "is_partial").iter_rows()
        ],
        "end_color": [brand.series(place) for place in ends["position"]],
    }


def apart(ends: list[float], gap: float) -> list[float]:
    """Rising heights moved as little as keeps them `gap` apart: neighbours share their middle."""
    groups: list[list[float]] = []
    for end in ends:
        groups.append([end])
        while (
            len(groups) > 1
            and _middle(groups[-1]) - _middle(groups[-2])
            < gap * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    return [
        _middle(group) + gap * (place - (len(group) - 1) / 2)
        for group in groups
        for place in range(len(group))
    ]


def _middle(group: list[float]) -> float:
    return sum(group) / len(group)
