"""Generated worlds that several tests read, and what a ledger says of a day."""

from datetime import date, timedelta
from functools import cache

import polars as pl

from revops.data_generation import NO_STORIES, Stories, generate
from revops.data_generation.days import month_start, quarter_start

Frames = dict[str, pl.DataFrame]


@cache
def world(seed: int, stories: Stories = NO_STORIES) -> Frames:
    """The eight frames of a seed's world, generated once."""
    return generate(seed, stories=stories)


def ledger_at(frames: Frames, day: date) -> pl.DataFrame:
    """Every deal as its latest row up to `day` says."""
    rows = frames["deal_history"].filter(pl.col("snapshot_date") <= day)
    return rows.sort("snapshot_date").group_by("deal_id", maintain_order=True).last()


def mrr_at(frames: Frames, day: date) -> pl.DataFrame:
    """MRR per paying customer of the periods with start <= day < end."""
    runs = (pl.col("start_date") <= day) & (
        pl.col("end_date").is_null() | (pl.col("end_date") > day)
    )
    paid = frames["subscriptions"].filter(runs).group_by("customer_id").agg(pl.col("mrr").sum())
    return paid.filter(pl.col("mrr") > 0)


def month_end(month: date) -> date:
    """The last day of a month."""
    return month_start(month, 1) - timedelta(days=1)


def slipped_shares(frames: Frames, owner: str, start: date, end: date) -> tuple[float, float]:
    """Of the deals open at a quarter's start and due in it, those still open at its end.

    First of the owner, then of all others.
    """
    cohorts = []
    while start < end:
        next_start = quarter_start(start, 1)
        due = ledger_at(frames, start - timedelta(days=1)).filter(
            (pl.col("status") == "Open")
            & (pl.col("expected_close") >= start)
            & (pl.col("expected_close") < next_start)
        )
        later = ledger_at(frames, next_start - timedelta(days=1)).select("deal_id", "status")
        cohorts.append(due.join(later, on="deal_id", suffix="_later"))
        start = next_start
    cohort = pl.concat(cohorts).with_columns((pl.col("status_later") == "Open").alias("slipped"))
    share = pl.col("slipped").mean()
    of_owner, of_others = (
        float(cohort.filter(who).select(share).item())
        for who in (pl.col("owner") == owner, pl.col("owner") != owner)
    )
    return of_owner, of_others
