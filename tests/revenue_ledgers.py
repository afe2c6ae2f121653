"""Random subscription ledgers, and the project's SQL over them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
from hypothesis import strategies as st

from pipeline.policy import Policy
from tests.oracle_revenue import Books, Policies
from tests.support.worlds import World, warehouse

FIRST_DAY = date(2022, 11, 3)
DAYS = 640
DAY = timedelta(days=1)
SEGMENTS, PLANS, REGIONS = ["SMB", "MM", "ENT"], ["Basic", "Pro"], ["EU", "US"]
MODELS = ("marts.mrr_movements", "metrics.revenue", "reports.mrr_waterfall")
PERIODS = {
    "subscription_id": pl.String, "customer_id": pl.String, "start_date": pl.Date,
    "end_date": pl.Date, "mrr": pl.Int64, "plan": pl.String,
}  # fmt: skip


@st.composite
def ledgers(draw: st.DrawFn) -> Books:
    """Up to six customers with up to three subscriptions of up to four periods each."""
    day = st.integers(0, DAYS).map(lambda n: FIRST_DAY + n * DAY)
    # month ends and firsts, where things go wrong, are as likely as all other days
    edge = day.map(lambda d: d.replace(day=1)) | day.map(lambda d: d.replace(day=1) - DAY)
    cents = st.sampled_from([0, 1, 4000, 9999, 10000, 10000, 25050])
    periods, customers = [], []
    for number in range(draw(st.integers(1, 6))):
        customer = f"c{number}"
        if draw(st.integers(0, 5)):
            slices = [draw(st.sampled_from(members)) for members in (SEGMENTS, REGIONS)]
            customers.append((customer, *slices, "unknown"))
        for subscription in range(draw(st.integers(1, 3))):
            bounds = sorted(draw(st.sets(day | edge, min_size=2, max_size=5)))
            last = None if draw(st.booleans()) else bounds[-1]
            for start, end in zip(bounds, [*bounds[1:-1], last], strict=False):
                if draw(st.integers(0, 4)):
                    row = (f"s{subscription}{customer}", customer, start, end)
                    periods.append((*row, draw(cents), draw(st.sampled_from(PLANS))))
    if not periods:
        periods.append(("s", "c0", FIRST_DAY, None, 500, "Pro"))
    names = ["customer_id", "segment", "region", "channel"]
    return Books(
        pl.DataFrame(periods, schema=PERIODS, orient="row"),
        pl.DataFrame(customers, schema=dict.fromkeys(names, pl.String), orient="row"),
        draw(st.one_of(day, edge).filter(lambda d: d > FIRST_DAY + 60 * DAY)),
        Policies(*(draw(st.booleans()) for _ in range(3))),
    )


def build(
    books: Books, models: tuple[str, ...] = MODELS, **files: pl.DataFrame
) -> duckdb.DuckDBPyConnection:
    """The models over the ledger and its customers, and over further input files."""
    customers = books.customers.select(
        "customer_id", "segment", pl.col("region").alias("geo"),
        account=pl.lit(None, pl.String), plan=pl.lit("Basic"), start_date=pl.lit(FIRST_DAY),
        mrr=pl.lit(0), churned_flag=pl.lit(False), churn_date=pl.lit(None, pl.Date),
    )  # fmt: skip
    policy = Policy(
        trials_are_customers=books.policies.trials_are_customers,
        logos_joined_and_left_count=books.policies.joined_and_left_count,
        nrr_includes_reactivated=books.policies.reactivated_count_as_kept,
    )
    periods = books.periods.with_columns(pl.col("mrr").cast(pl.Decimal(18, 6)) / 100)
    rows = {"subscriptions": periods, "revenue_customers": customers, **files}
    return warehouse(World(rows, as_of=books.as_of, policy=policy), models)


def cents(value: Any) -> Any:
    return int(value * 100) if isinstance(value, Decimal) else value
