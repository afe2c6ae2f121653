"""What the coverage card draws: the newest targets for won amount, and what is due for them."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.sentences import by_reason
from dashboard.wording import times
from revops import Filters, units
from revops.targets import EVERYTHING


def newest_targets(coverage: pl.DataFrame) -> pl.DataFrame:
    """The targets of the newest period, the whole first; its segment and owner are left empty.

    Owners' only where none is for all, or where those for all had ended before theirs began.
    """
    newest = coverage.filter((coverage["metric"] == "won_amount") & coverage["is_newest"])
    is_for_all = newest["owner"] == EVERYTHING
    of_all, of_owners = newest.filter(is_for_all), newest.filter(~is_for_all)
    shown = of_owners if _had_ended(of_all, of_owners) else of_all
    # a target for everything opens no segment and no owner
    emptied = pl.col("segment", "owner").replace(EVERYTHING, "")
    # the empty name sorts first
    return shown.drop("metric", "is_newest").with_columns(emptied).sort("segment", "owner")


def coverage_bars(targets: pl.DataFrame, currency: str) -> pl.DataFrame:
    """The columns of the chart: name, segment, value, mark, label and notes; one row per target."""
    rows = [
        {
            "name": _name(row),
            "segment": row["segment"],
            "value": row["coverage"],
            "mark": row["coverage_needed"] if row["coverage"] is not None else None,
            "why_no_mark": row["needed_not_known"],
            "label": _label(row),
            "note": _parts(row, currency),
            "mark_note": _left_out(row),
        }
        for row in targets.iter_rows(named=True)
    ]
    types = {"value": pl.Float64, "mark": pl.Float64, "why_no_mark": pl.String}
    return pl.DataFrame(rows, schema_overrides=types)


def period(targets: pl.DataFrame) -> str:
    """The targets' period and the day they are measured on: "Oct–Dec 2026, as of 31 Oct 2026"."""
    first = targets.row(0, named=True)
    window = Filters(since=first["period_start"], until=first["period_end"]).describe_window()
    measured = first["measured_on"]
    return f"{window}, as of {units.day(measured)}" if measured else window


def why_none(targets: pl.DataFrame) -> str:
    """Why there is no coverage, and for whom: "the period is over (All, ENT), target met (SMB)"."""
    rows = targets.iter_rows(named=True)
    return by_reason((row["reason_not_known"], _name(row)) for row in rows)


def _had_ended(earlier: pl.DataFrame, later: pl.DataFrame) -> bool:
    """Whether the one period was over when the other began; one without targets counts as over."""
    if earlier.is_empty() or later.is_empty():
        return earlier.is_empty()
    return bool(earlier["period_end"].item(0) <= later["period_start"].item(0))


def _name(row: Mapping[str, Any]) -> str:
    return " · ".join(filter(None, (row["segment"], row["owner"]))) or "All"


def _label(row: Mapping[str, Any]) -> str:
    text, needed = (units.format(row[name], "multiple") for name in ("coverage", "coverage_needed"))
    if row["coverage"] is None:
        return f"{text}  ·  {row['reason_not_known']}"
    # an amount that is not known could only add to what is due, or to what was won
    is_least = row["due_deals_without_amount"] or row["won_deals_without_amount"]
    of_needed = "" if row["coverage_needed"] is None else f" of {_bound(row)}{needed}"
    return f"{'≥ ' if is_least else ''}{text}{of_needed}"


def _bound(row: Mapping[str, Any]) -> str:
    """A loss left out would ask for more, a win left out for less, and both for either."""
    more, less = row["lost_deals_left_out"] > 0, row["won_deals_left_out"] > 0
    return {(True, False): "≥ ", (False, True): "≤ ", (True, True): "≈ "}.get((more, less), "")


def _left_out(row: Mapping[str, Any]) -> str:
    counts = {kind: row[f"{kind}_deals_left_out"] for kind in ("lost", "won")}
    named = [times(count, f"{kind} deal") for kind, count in counts.items() if count]
    return f"without {' and '.join(named)} of unknown amount" if named else ""


def _parts(row: Mapping[str, Any], currency: str) -> str:
    if row["coverage"] is None:
        return ""
    at_least = "≥ " if row["due_deals_without_amount"] else ""
    at_most = "≤ " if row["won_deals_without_amount"] else ""
    due = units.format(row["open_pipeline_due"], "money", currency)
    remaining = units.format(row["remaining"], "money", currency)
    return f"{at_least}{due} open and due / {at_most}{remaining} still to win"
