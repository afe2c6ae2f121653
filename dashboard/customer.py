"""The page of one customer: what it pays, how that moved, its deals, and its lines in the files."""

import polars as pl
from markupsafe import Markup
from panel.viewable import Viewer

from dashboard.charts.lines import lines
from dashboard.desk import Desk
from dashboard.html_view import HtmlView, joined
from dashboard.section import Section
from dashboard.sentences import paid_lately
from dashboard.styles import BASE
from dashboard.tables import Table
from dashboard.tabs.base import ChartPane
from dashboard.tabs.columns import CUSTOMER_DEALS, CUSTOMER_LINES, CUSTOMER_MOVES
from revops import units
from revops.customers import Customer

FACTS = """
:host { grid-column: 1 / -1; }
.who { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 0; }
.who div { min-width: 84px; } .who dt { font-size: 12px; color: var(--rc-muted); }
.who dd { margin: 0; font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
"""
ONE_SNAPSHOT = "One snapshot says what is paid today, not how it moved."


def customer_parts(desk: Desk, name: str, found: Customer) -> list[Viewer | HtmlView]:
    """The cards of the page, filled; they speak of all dates, whatever the page's filters are."""
    chart = ChartPane(lines("money", "Month of", paid_lately, series=1, height=240))
    moves = Table(CUSTOMER_MOVES, desk.currency)
    deals = Table(CUSTOMER_DEALS, desk.currency)
    paid = Table(CUSTOMER_LINES, desk.currency)
    deals.opens("owner", desk.act).opens("channel", desk.act)

    def fill_chart(section: Section) -> None:
        known = found.history.filter(pl.col("closing_mrr").is_not_null())
        if known.is_empty():
            section.show_empty("Not known", ONE_SNAPSHOT, way_out=False)
            return
        shown = known.select(
            pl.lit(name).alias("series"),
            pl.lit(0).alias("position"),
            pl.col("month").alias("start"),
            pl.col("closing_mrr").cast(pl.Float64).alias("value"),
            "is_partial",
        )
        summary, _ = chart.show(shown, desk)
        section.show(summary, found.history)

    def fill(table: Table, frame: pl.DataFrame, nothing: str, section: Section) -> None:
        if frame.is_empty():
            section.show_empty("None", nothing, way_out=False)
            return
        table.show(frame)
        section.show("", frame)

    moved = found.history.filter(pl.col("movement").is_not_null()).sort("month", descending=True)
    parts: list[Section] = [
        Section(f"MRR of {name}", "at month ends", [chart], fill_chart, desk),
        Section(
            f"Movements of {name}",
            "months in which it changed",
            [moves],
            lambda section: fill(moves, moved, "Nothing moved in any month known.", section),
            desk,
            span=6,
        ),
        Section(
            f"Subscriptions of {name}",
            "what the files say",
            [paid],
            lambda section: fill(paid, found.lines, "No line says what is paid.", section),
            desk,
            span=6,
        ),
        Section(
            f"Deals of {name}",
            "same account",
            [deals],
            lambda section: fill(deals, found.deals, "No deal names this account.", section),
            desk,
        ),
    ]
    for part in parts:
        part.refresh()
    return [_facts(desk, found), *parts]


def _facts(desk: Desk, found: Customer) -> HtmlView:
    """Who it is, in the words of the customer file and of its last month."""
    last = found.history.tail(1).to_dicts()
    now = {**found.known, **(last[0] if last else {})}
    mrr = now.get("closing_mrr", now.get("supplied_mrr"))
    said = [
        ("Account", now.get("account")),
        ("MRR", units.format(mrr, "money", desk.currency)),
        ("Segment", now.get("segment")),
        ("Plan", now.get("plan")),
        ("Region", now.get("region")),
        ("Channel", now.get("channel")),
        ("Customer since", units.day(now.get("start_date"))),
        ("Left", units.day(now.get("churn_date"))),
        ("Because of", now.get("churn_reason")),
    ]
    known = [(label, text) for label, text in said if text and text != units.UNKNOWN]
    pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    return HtmlView(
        Markup('<dl class="who">{}</dl>').format(joined([pair.format(*fact) for fact in known])),
        stylesheets=[BASE, FACTS],
        sizing_mode="stretch_width",
    )
