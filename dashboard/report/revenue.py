"""Revenue on paper: how MRR moved, who stays, and why customers left."""

import polars as pl

from dashboard.cohort_grid import cohort_grid
from dashboard.desk import Desk
from dashboard.report import sources
from dashboard.report.charts.bars import bars
from dashboard.report.charts.waterfall import key as movements
from dashboard.report.charts.waterfall import mrr_waterfall
from dashboard.report.exhibits import drawn, key, unknown
from dashboard.report.model import Chapter, Exhibit, Source
from dashboard.report.table import table
from dashboard.sentences import main_reason
from dashboard.tables import Column
from revops import units

GRAINS = ("month", "quarter", "year")
MOST_PERIODS = 15
MOST_COHORTS = 24
MOST_LOSSES = 5
POLICIES = ("trials_are_customers",)
SEGMENTS = (
    Column("segment", "Segment"),
    Column("mrr", "MRR", "money"),
    Column("mrr_share", "Of MRR", "ratio"),
    Column("paying_customers", "Customers", "count"),
    Column("arpa", "ARPA", "money"),
    Column("nrr", "NRR", "ratio"),
    Column("grr", "GRR", "ratio"),
    Column("logo_churn", "Logo churn", "ratio"),
)
LOSSES = (
    Column("churn_reason", "Reason"),
    Column("segment", "Segment"),
    Column("tenure_band", "Tenure"),
    Column("lost_customers", "Customers", "count"),
    Column("churned_mrr", "MRR lost", "money"),
    Column("share_of_base", "Of base", "ratio"),
)
NOTHING = "No customer passes these filters in this window."
ONE_SNAPSHOT = (
    "The MRR history is not known: one snapshot says what customers pay today. "
    "Add subscriptions.csv to see how it moved."
)


def revenue(desk: Desk) -> list[Chapter]:
    """Two pages: the books of recurring revenue, then retention and churn."""
    return [
        Chapter(
            "Revenue",
            "How recurring revenue moved from its opening to its closing, period by period.",
            (_waterfall(desk), _segments(desk)),
        ),
        Chapter(
            "Retention and churn",
            "What customers still pay, by the month in which they first paid, and who left.",
            (_cohorts(desk), _reasons(desk), _losses(desk)),
        ),
    ]


def _periods(desk: Desk) -> tuple[str, Source]:
    """The finest grain whose periods fit a page."""
    for grain in GRAINS:
        found = sources.report(desk, "mrr_waterfall", POLICIES, grain=grain)
        if found.frame.height <= MOST_PERIODS or grain == "year":
            break
    return grain, found


def _waterfall(desk: Desk) -> Exhibit:
    grain, found = _periods(desk)
    title, unit = f"MRR {grain} by {grain}", "monthly recurring revenue"
    if found.frame.is_empty():
        return unknown(title, unit, NOTHING, found)
    known = found.frame.filter(
        pl.col("opening_mrr").is_not_null() & pl.col("closing_mrr").is_not_null()
    ).sort("month")
    if known.is_empty():
        return unknown(title, unit, ONE_SNAPSHOT, found)
    first, last = known.row(0, named=True), known.row(-1, named=True)
    opening, closing = units.apart((first["opening_mrr"], last["closing_mrr"]), desk.currency)
    said = f"From {opening} at the start of {units.month(first['month'])} to {closing} at the end."
    marked = " * a part of a period." if known["is_partial"].any() else ""
    chart = mrr_waterfall(known, desk.brand, desk.currency, said)
    return drawn(
        title,
        unit,
        said,
        chart,
        found,
        key=key(desk, movements(known)),
        note=f"The axis does not start at 0: read the steps, not heights.{marked}",
    )


def _segments(desk: Desk) -> Exhibit:
    found = sources.report(desk, "mrr_by_segment", (*POLICIES, "nrr_includes_reactivated"))
    title, unit = "Segments", "at the window's end"
    if found.frame.is_empty():
        return unknown(title, unit, NOTHING, found)
    return drawn(title, unit, "", table(SEGMENTS, found.frame, desk.currency), found)


def _reasons(desk: Desk) -> Exhibit:
    found = sources.report(desk, "churn_reasons")
    title, unit = "Churn reasons", "MRR lost"
    if found.frame.is_empty():
        return unknown(title, unit, "No customer left in this window.", found, 6)
    known = found.frame.filter(pl.col("churned_mrr").is_not_null())
    if known.is_empty():
        why = "What churned customers paid is not known from one snapshot."
        return unknown(title, unit, why, found, 6)
    shown = known.sort("churned_mrr", descending=True).select(
        name="churn_reason",
        value="churned_mrr",
        note=pl.format("{} customers", "churned_customers"),
    )
    said = main_reason(shown, desk.currency)
    chart = bars(shown, desk.brand, desk.currency, said, "money", 6)
    return drawn(title, unit, said, chart, found, 6)


def _cohorts(desk: Desk) -> Exhibit:
    found = sources.report(desk, "retention_cohorts", POLICIES)
    title, unit = "Retention by cohort", "share of MRR left after so many months"
    known = found.frame.filter(pl.col("cohort_customers").is_not_null())
    if known.is_empty():
        why = "A cohort needs a whole month in the window, and a history month by month."
        return unknown(title, unit, why, found)
    months = known.filter(~pl.col("is_total"))["cohort_month"].unique().sort()
    newest = months.tail(MOST_COHORTS)
    shown = known.filter(pl.col("is_total") | pl.col("cohort_month").is_in(newest.implode()))
    cut = "" if newest.len() == months.len() else f" The newest {MOST_COHORTS} are shown."
    return drawn(
        title,
        unit,
        "The row of all is a ratio of sums over the cohorts that have come this far; months still "
        f"to come are empty.{cut}",
        cohort_grid(shown, "mrr", desk.currency),
        found,
    )


def _losses(desk: Desk) -> Exhibit:
    found = sources.report(desk, "churn_analysis")
    title, unit = "Losses", "by reason, segment and tenure"
    if found.frame.is_empty():
        return unknown(title, unit, "No customer left in this window.", found, 6)
    rows = found.frame.filter(~pl.col("is_total")).sort(
        "churned_mrr", descending=True, nulls_last=True, maintain_order=True
    )
    body = table(LOSSES, rows, desk.currency, MOST_LOSSES)
    return drawn(
        title,
        unit,
        f"The largest of {rows.height}; of base is the share lost a month.",
        body,
        found,
        6,
    )
