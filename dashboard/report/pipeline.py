"""Pipeline on paper: how it moved, what slipped, what is stuck, and targets against pace."""

import polars as pl
from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.report import sources
from dashboard.report.charts import bridge as bridges
from dashboard.report.charts import pace as paces
from dashboard.report.charts import shares as slips
from dashboard.report.charts.bars import bars
from dashboard.report.exhibits import drawn, key, unknown
from dashboard.report.model import Chapter, Exhibit
from dashboard.report.table import table
from dashboard.sentences import bridge_said, largest_stage
from dashboard.tables import Column
from dashboard.wording import times
from revops import metrics, units
from revops.targets import EVERYTHING

STUCK = (
    Column("deal_id", "Deal"),
    Column("account", "Account"),
    Column("owner", "Owner"),
    Column("segment", "Segment"),
    Column("stage", "Stage"),
    Column("amount", "Amount", "money"),
    Column("days_in_stage", "In stage", "days"),
    Column("expected_close", "Expected close", "date"),
)
MOST_TARGETS = 12
MOST_STUCK = 6
NO_DEALS = "No deal passes these filters in this window."
NONE_STUCK = "Every open deal moves, or none is open."
STUCK_NOT_KNOWN = "Which deals were stuck on that day is not known: only today's file says it."
OPEN_NOT_KNOWN = "Open deals on that day are not known: the deal history does not reach it."


def pipeline(desk: Desk) -> list[Chapter]:
    """Two pages: how the pipeline moved, then targets and what holds them up."""
    return [
        Chapter(
            "Pipeline",
            "The deals due in the window: what was open, what came, what went, deal by deal.",
            (_bridge(desk), _stages(desk), _slippage(desk)),
        ),
        Chapter(
            "Targets and stuck deals",
            "What was won against the pace that a target asks for, and the deals to call about.",
            (_pace(desk), _stuck(desk)),
        ),
    ]


def _bridge(desk: Desk) -> Exhibit:
    found = sources.bridge(desk)
    title, unit = "Pipeline bridge", "open and due in the window"
    if reason := found.frame["reason_not_known"].drop_nulls().first():
        return unknown(title, unit, f"{str(reason).capitalize()}.", found)
    is_stock = pl.col("bucket").is_in(["opening", "closing"])
    shown = found.frame.filter(is_stock | (pl.col("deals") > 0)).select(
        name="label", value="amount", deals="deals", is_stock=is_stock
    )
    said = bridge_said(shown, desk.currency)
    chart = bridges.bridge(shown, desk.brand, desk.currency, said)
    return drawn(title, unit, said, chart, found, key=key(desk, bridges.KEY))


def _stages(desk: Desk) -> Exhibit:
    found = sources.report(desk, "pipeline_stages", ("stages",))
    title, unit = "Open pipeline by stage", "amount"
    known = found.frame.filter(pl.col("open_deals").is_not_null())
    if found.frame.height and known.is_empty():
        return unknown(title, unit, OPEN_NOT_KNOWN, found, 6)
    if known.is_empty():
        return unknown(title, unit, NO_DEALS, found, 6)
    shown = known.sort("position").select(
        name="stage",
        value="open_pipeline",
        note=pl.format("{} deals", pl.col("open_deals").cast(pl.Int64)),
    )
    said = largest_stage(shown, desk.currency)
    return drawn(title, unit, said, bars(shown, desk.brand, desk.currency, said), found, 6)


def _slippage(desk: Desk) -> Exhibit:
    found = sources.report(desk, "slippage_shares", by="segment")
    title, unit = "Slippage", "of the deals due in each quarter"
    if found.frame.is_empty():
        why = "No deal was due in a quarter of this window that the deal history covers."
        return unknown(title, unit, why, found, 6)
    most = found.frame.sort("slipped_share", descending=True, nulls_last=True).row(0, named=True)
    said = (
        f"{units.format(most['slipped_share'], 'ratio')} of the deals due slipped in "
        f"{most['slice']}, worth {units.format(most['slipped_amount'], 'money', desk.currency)}."
    )
    chart = slips.shares(found.frame, desk.brand, desk.currency, said)
    return drawn(title, unit, said, chart, found, 6, key(desk, slips.KEY))


def _pace(desk: Desk) -> Exhibit:
    found = sources.report(desk, "pace", ("target_pace", "fiscal_year_start_month"))
    title, unit = "Targets against pace", "share of target reached"
    if found.frame.is_empty():
        why = "targets.csv holds no target for won deals in this window."
        return unknown(title, unit, why, found)
    catalogue = metrics.catalogue(desk.warehouse, "pipeline")
    label = dict(catalogue.select("metric", "label").iter_rows())
    unit_of = dict(catalogue.select("metric", "unit").iter_rows())
    known = found.frame.filter(pl.col("reason_not_known").is_null())
    told = known if known.height else found.frame
    rows = [
        {
            "name": _target_name(row, label),
            "share": None if row["share_of_target"] is None else float(row["share_of_target"]),
            "pace": float(row["elapsed_share"] or 0),
            "is_ahead": (row["ahead_by"] or 0) >= 0,
            "note": _reached(row, unit_of[row["metric"]], desk.currency),
        }
        for row in told.sort("period_start", descending=True, maintain_order=True)
        .head(MOST_TARGETS)
        .iter_rows(named=True)
    ]
    shown = pl.DataFrame(rows)
    behind = shown.filter(~pl.col("is_ahead")).height
    said = f"Behind the pace, which the tick marks: {behind} of {times(shown.height, 'target')}."
    chart = paces.pace(shown, desk.brand, desk.currency, said)
    return drawn(title, unit, said, chart, found, key=key(desk, paces.KEY))


def _target_name(row: dict[str, object], label: dict[str, str]) -> str:
    whose = [str(row[name]) for name in ("segment", "owner") if row[name] != EVERYTHING]
    return " · ".join([f"{row['period_start']:%b %Y}", *(whose or ["All"])])


def _reached(row: dict[str, object], unit: str, currency: str) -> str:
    if row["reason_not_known"]:
        return str(row["reason_not_known"])
    won = units.format(row["won_so_far"], unit, currency)  # type: ignore[arg-type]
    target = units.format(row["target_value"], unit, currency)  # type: ignore[arg-type]
    return f"{won} of {target}"


def _stuck(desk: Desk) -> Exhibit:
    found = sources.report(desk, "stuck_deals", ("stuck_days", "stuck_amount"))
    title, unit = "Stuck deals", "largest first"
    if found.frame.is_empty():
        total = metrics.total(desk.warehouse, "pipeline", desk.filters)["stuck_deals"]
        return unknown(title, unit, STUCK_NOT_KNOWN if total is None else NONE_STUCK, found)
    rows = found.frame.sort("amount", descending=True, nulls_last=True, maintain_order=True)
    body: Markup = table(STUCK, rows, desk.currency, MOST_STUCK)
    said = f"The largest of {times(rows.height, 'open deal')} that do not move."
    return drawn(title, unit, said, body, found)
