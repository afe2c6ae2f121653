"""The quarter ahead as a card: a range with its record beside it, or why there is none."""

import polars as pl
from markupsafe import Markup
from panel.viewable import Viewable

from dashboard.charts.forecast import forecast as forecast_chart
from dashboard.desk import Desk, badge
from dashboard.html_view import HtmlView, joined
from dashboard.section import Section
from dashboard.styles import BASE
from dashboard.tabs.base import ChartPane
from revops.forecast import Forecast, bookings, frames, mrr, words

MADE = {"bookings": bookings, "mrr": mrr}
TITLES = {"bookings": "Bookings ahead", "mrr": "MRR ahead"}
UNIT = "three months from the as-of date"
# Deals and customers of the past are told apart by segment only.
NOT_APPLIED = ("channels", "regions", "plans", "owners", "campaigns")
STYLE = """
.record { display: grid; gap: 6px; font-size: 13px; margin: 4px 0 0; }
.record ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 4px; }
.record li { display: grid; grid-template-columns: 96px 1fr; gap: 10px; }
.record li b { color: var(--rc-muted); font-weight: 600; }
.record .verdict { font-weight: 700; }
.record .verdict.no { color: var(--rc-watch); }
"""


class ForecastCard:
    """The forecast of one subject for the segments in force."""

    def __init__(self, desk: Desk, subject: str) -> None:
        self.desk, self.subject = desk, subject
        self.chart = ChartPane(forecast_chart(from_zero=subject == "bookings"))
        self.record = HtmlView(stylesheets=[BASE, STYLE], sizing_mode="stretch_width")

    def body(self) -> list[Viewable]:
        """What the card holds, from top to bottom."""
        return [self.chart, self.record]

    def fill(self, section: Section) -> None:
        """Work the forecast out, or say why there is none."""
        found = MADE[self.subject](self.desk.warehouse, self.desk.filters)
        said = badge(NOT_APPLIED, self.desk.filters)
        if found.forecast is None:
            section.show_empty("No forecast", found.refusal, said, way_out=False)
            return
        frame: pl.DataFrame = frames.trials(found)
        _, key = self.chart.show(frame, self.desk)
        self.record.show(render_record(found, self.desk.currency))
        section.show(words.headline(found, self.desk.currency), frame, said, key)


def render_record(found: Forecast, currency: str) -> Markup:
    """How such forecasts did on past quarters, and what simple ones say."""
    told = [
        ("Record", words.calibration(found)),
        ("Error", words.errors(found)),
        ("Beside it", words.simple(found, currency)),
        ("Method", found.method),
    ]
    line = Markup("<li><b>{}</b><span>{}</span></li>")
    verdict = Markup('<p class="verdict{}">{}</p>').format(
        " no" if found.is_beaten else "", words.verdict(found)
    )
    return Markup('<div class="record">{}<ul>{}</ul></div>').format(
        verdict, joined([line.format(*one) for one in told if one[1]])
    )
