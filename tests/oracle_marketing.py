"""Marketing metrics worked out a second time, in polars, from their definitions.

Written without the SQL: it goes from the rows of the files to the numbers in its
own way, so that a mistake would have to be made twice to stay unseen.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from pipeline.policy import Policy
from tests.oracle_windows import (
    TIME,
    UNKNOWN,
    Row,
    Selection,
    filtered,
    labelled,
    period,
    share,
    total,
)

COUNTS = ("impressions", "clicks", "leads", "MQLs", "SQLs", "opportunities", "closed_won")


def marketing(
    rows: pl.DataFrame, deals: pl.DataFrame, as_of: date, policy: Policy, asked: Selection
) -> dict[str | None, Row]:
    """Slice (None for the total) to metrics."""
    rows = labelled(rows, "channel", "campaign", "segment", "geo")
    has_deal_regions = "geo" in deals.columns
    deals = labelled(deals, "source_channel", "segment", "geo")
    kept = filtered(rows, asked.segments, asked.channels, asked.regions, asked.campaigns)
    kept = kept.filter(pl.col("date").map_elements(asked.holds, return_dtype=pl.Boolean))
    spend, wins = _returns(rows, deals, as_of)
    can_link = asked.campaigns is None and (asked.regions is None or has_deal_regions)
    spend = filtered(spend, asked.segments, asked.channels, asked.regions, None)
    wins = filtered(wins, asked.segments, asked.channels, asked.regions, None, "source_channel")
    spend = _in_window(spend, "date", asked).filter(can_link)
    wins = _in_window(wins, "last_stage_change", asked).filter(can_link)

    def measured(of_rows: pl.DataFrame, of_spend: pl.DataFrame, of_wins: pl.DataFrame) -> Row:
        return {**_marketing_sums(of_rows), **_roi(of_spend, of_wins)}

    answer: dict[str | None, Row] = {None: measured(kept, spend, wins)}
    if asked.by is None:
        return answer
    mine = {"region": "geo", **dict.fromkeys(TIME, "date")}.get(asked.by, asked.by)
    theirs = {"channel": "source_channel", "date": "last_stage_change"}.get(mine, mine)
    # a deal names no campaign, and no region unless its file does
    if asked.by == "campaign" or (asked.by == "region" and not has_deal_regions):
        spend, wins, theirs = spend.head(0), wins.head(0), "source_channel"
    name = _namer(asked.by, policy)
    columns = ((kept, mine), (spend, mine), (wins, theirs))
    for slice_ in {name(value) for frame, column in columns for value in frame[column]}:
        inside = (_where(frame, column, name, slice_) for frame, column in columns)
        answer[slice_] = measured(*inside)
    return answer


def _marketing_sums(rows: pl.DataFrame) -> Row:
    sums: Row = {name.lower(): total(rows[name]) for name in COUNTS}
    spend = sums["spend"] = total(rows["spend"])
    reported = rows.filter(pl.col("ROI").is_not_null()) if "ROI" in rows.columns else rows.head(0)
    weights = [float(value) for value in reported["spend"]]
    return_ = sum(w * r for w, r in zip(weights, reported["ROI"], strict=True)) if weights else None
    return {
        **sums,
        "cpl": share(spend, sums["leads"]),
        "ctr": share(sums["clicks"], sums["impressions"]),
        "media_cac": share(spend, sums["closed_won"]),
        "reported_roi": share(return_, sum(weights) if weights else None),
    }


def _returns(
    rows: pl.DataFrame, deals: pl.DataFrame, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Spend of channels that deals name and wins of channels with spend, on days both cover.

    A win whose date is missing or still to come is a win all the same.
    """
    named = set(deals["source_channel"]) - {UNKNOWN}
    paid = set(rows["channel"]) - {UNKNOWN}
    first_deal, first_row, last_row = (
        deals["created_at"].min(), rows["date"].min(), rows["date"].max(),
    )  # fmt: skip
    spend = rows.filter(pl.col("channel").is_in(list(named)))
    if first_deal is None:
        spend = spend.head(0)
    else:
        spend = spend.filter(pl.col("date").is_between(first_deal, as_of))
    wins = deals.filter(
        (pl.col("status") == "Closed_Won") & pl.col("source_channel").is_in(list(paid))
    )
    closed = pl.col("last_stage_change")
    if first_row is not None:
        wins = wins.filter(
            closed.is_null() | (closed > as_of) | closed.is_between(first_row, last_row)
        )
    return spend, wins


def _roi(spend: pl.DataFrame, wins: pl.DataFrame) -> Row:
    spent, amounts = total(spend["spend"]), [a for a in wins["amount"] if a is not None]
    won: float | None = float(sum(amounts))
    if (spent is None and not wins.height) or (wins.height and not amounts):
        won = None
    gain = None if won is None or spent is None else won - spent
    return {
        "linked_spend": spent,
        "linked_won_amount": won,
        "roi": share(gain, spent),
    }


def _in_window(frame: pl.DataFrame, column: str, asked: Selection) -> pl.DataFrame:
    return frame.filter(pl.Series([asked.holds(day) for day in frame[column]], dtype=pl.Boolean))


def _namer(by: str, policy: Policy) -> Callable[[Any], str]:
    if by in TIME:
        return lambda day: UNKNOWN if day is None else period(day, by, policy)[0].isoformat()
    return str


def _where(
    frame: pl.DataFrame, column: str, name: Callable[[Any], str], slice_: str
) -> pl.DataFrame:
    wanted = [name(value) == slice_ for value in frame[column]]
    return frame.filter(pl.Series(wanted, dtype=pl.Boolean))
