"""Large random books, as a loader would have left them: a company's ledger, a company's deals."""

import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from tests.support.worlds import World, state

AS_OF = date(2026, 6, 15)
FIRST_DAY = date(2021, 7, 1)
PERIODS_EACH = 10
SNAPSHOTS = 100
STATES_EACH = 10
SEGMENTS = ("SMB", "MM", "ENT")
REGIONS = ("EMEA", "NA", "APAC", "LATAM")
PLANS = ("Basic", "Pro", "Team", "Enterprise")
CHANNELS = ("Email", "Paid search", "Referral", "Events", "Partner")
STAGES = ("Discovery", "Demo", "Negotiation")


def main(kind: str, rows: int, target: Path) -> None:
    """Write the raw tables of `rows` customers or deals into a new warehouse file."""
    con = duckdb.connect()
    con.execute(f"attach '{target}' as books (storage_version 'v1.4.0')")
    con.execute("use books")
    con.execute("set threads = 2")
    state(con, revenue(rows) if kind == "revenue" else pipeline(rows))
    con.execute("use memory")
    con.execute("detach books")


def revenue(customers: int) -> World:
    """Customers of two subscriptions each over 60 months, re-priced, with gaps and open ends."""
    random = np.random.default_rng(7)
    number = np.arange(customers)
    shape = (customers, 2, PERIODS_EACH // 2)
    lengths = random.integers(60, 300, shape)
    begun = random.integers(0, 880, (customers, 1, 1)) + np.cumsum(lengths, axis=2) - lengths
    paid = lengths - np.where(random.random(shape) < 0.1, 20, 0)
    ends = day(begun + paid)
    is_open = (np.arange(PERIODS_EACH // 2) == PERIODS_EACH // 2 - 1) & (random.random(shape) < 0.6)
    owner = np.broadcast_to(number[:, None, None], shape)
    subscription = owner * 2 + np.arange(2)[None, :, None]
    periods = pl.DataFrame(
        {
            "subscription_id": subscription.ravel(),
            "customer_id": owner.ravel(),
            "start_date": day(begun).ravel(),
            "end_date": np.where(is_open, np.datetime64("NaT"), ends).ravel(),
            "mrr": random.integers(10, 500, shape).ravel(),
            "plan": np.array(PLANS)[random.integers(0, len(PLANS), shape)].ravel(),
        }
    ).filter(pl.col("start_date") <= AS_OF)
    is_running = pl.col("end_date").is_null() | (pl.col("end_date") > AS_OF)
    today = periods.filter(is_running).group_by("customer_id").agg(pl.sum("mrr"))
    listed = pl.DataFrame(
        {
            "customer_id": number,
            "account": number,
            "segment": np.array(SEGMENTS)[random.integers(0, len(SEGMENTS), customers)],
            "plan": "Pro",
            "start_date": FIRST_DAY,
            "geo": np.array(REGIONS)[random.integers(0, len(REGIONS), customers)],
        }
    ).join(today, on="customer_id", how="left")
    known = listed.with_columns(
        pl.col("mrr").fill_null(0), churned_flag=pl.col("mrr").is_null(), new_mrr=pl.lit(0)
    )
    won = listed.select(
        "account", deal_id="account", stage=pl.lit("Closed_Won"), status=pl.lit("Closed_Won"),
        created_at=pl.lit(FIRST_DAY), last_stage_change=pl.lit(FIRST_DAY),
        source_channel=pl.Series(np.array(CHANNELS)[random.integers(0, len(CHANNELS), customers)]),
    )  # fmt: skip
    rows = {"subscriptions": periods, "revenue_customers": known, "pipeline_deals": won}
    return World(rows, AS_OF)


def pipeline(deals: int) -> World:
    """Deals re-priced, pushed and closed over 100 weekly snapshots that list only changes."""
    random = np.random.default_rng(7)
    shape = (deals, STATES_EACH)
    week = random.integers(0, 40, (deals, 1)) + np.cumsum(random.integers(1, 10, shape), axis=1)
    step = np.broadcast_to(np.arange(STATES_EACH), shape)
    created = week[:, :1] * 7
    pushed = np.cumsum(random.random(shape) < 0.3, axis=1)
    is_closed = (step == STATES_EACH - 1) & (random.random((deals, 1)) < 0.8)
    is_won = np.broadcast_to(random.random((deals, 1)) < 0.3, shape)
    amount = random.integers(1_000, 90_000, (deals, 1)) + 500 * random.integers(0, 9, shape)
    names = np.broadcast_to(np.arange(deals)[:, None], shape)
    first = np.datetime64(AS_OF) - 7 * (SNAPSHOTS - 1)
    stage = np.where(
        is_closed, np.where(is_won, 4, 3), np.minimum(step // 3, len(STAGES) - 1)
    ).astype(np.int8)
    frame = pl.DataFrame(
        {
            "deal_id": names.ravel(),
            "snapshot_date": (first + week * 7).ravel(),
            "created_at": np.broadcast_to(first + created, shape).ravel(),
            "expected_close": (first + created + 150 + 30 * pushed).ravel(),
            "last_stage_change": (first + week * 7).ravel(),
            "amount": amount.ravel(),
            "code": stage.ravel(),
        }
    ).filter(pl.col("snapshot_date") <= AS_OF)
    stages = pl.Series([*STAGES, "Closed_Lost", "Closed_Won"])
    history = frame.with_columns(
        stage=stages.gather(frame["code"].cast(pl.UInt32)),
        owner=pl.format("Owner {}", pl.col("deal_id") % 40),
        segment=pl.Series(SEGMENTS).gather((frame["deal_id"] % len(SEGMENTS)).cast(pl.UInt32)),
    ).with_columns(
        status=pl.when(pl.col("code") > 2).then("stage").otherwise(pl.lit("Open"))
    ).drop("code")  # fmt: skip
    today = history.group_by("deal_id", maintain_order=True).last().drop("snapshot_date")
    rows = {"deal_history": history, "pipeline_deals": today}
    return World(rows, AS_OF, history_kind="changes")


def day(number: np.ndarray) -> np.ndarray:
    """Days since the first as dates."""
    return np.datetime64(FIRST_DAY) + number.astype("timedelta64[D]")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
