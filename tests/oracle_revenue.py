"""Recurring revenue by its definitions, in polars, without a look at the SQL.

Slow and plain on purpose: every figure asks the subscription periods themselves which
of them run on a given day. Money is in whole cents.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

DAY = timedelta(days=1)
SLICES = ["segment", "plan", "region", "channel"]
MOVEMENTS = ["new", "reactivation", "expansion", "contraction", "churn"]


@dataclass(frozen=True)
class Policies:
    """Choices that change what counts as a customer and as kept."""

    trials_are_customers: bool = False
    joined_and_left_count: bool = False
    reactivated_count_as_kept: bool = True


@dataclass(frozen=True)
class Books:
    """A subscription ledger and what is known of its customers.

    `periods`: subscription_id, customer_id, start_date, end_date (empty = running), mrr
    (cents), plan. `customers`: customer_id, segment, region, channel.
    """

    periods: pl.DataFrame
    customers: pl.DataFrame
    as_of: date
    policies: Policies = field(default_factory=Policies)

    def first_month(self) -> date:
        started = self.periods["start_date"].min()
        return min(started, self.as_of).replace(day=1)

    def months(self) -> list[tuple[date, date]]:
        """Each month and the day it is measured on."""
        found, month = [], self.first_month()
        while month <= self.as_of:
            found.append((month, min(month_end(month), self.as_of)))
            month = month_end(month) + DAY
        return found


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_before(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def running(periods: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """MRR, number of running periods and leading plan for each (customer_id, day)."""
    joined = pairs.join(periods, on="customer_id").filter(
        (pl.col("start_date") <= pl.col("day"))
        & (pl.col("end_date").is_null() | (pl.col("day") < pl.col("end_date")))
    )
    return (
        joined.sort(["mrr", "start_date", "subscription_id"], descending=[True, True, False])
        .group_by("customer_id", "day", maintain_order=True)
        .agg(pl.col("mrr").sum(), pl.len().alias("running"), pl.col("plan").first())
    )


def states(books: Books, days: Sequence[date]) -> pl.DataFrame:
    """Every customer who has had a period by each day, with 0 where none runs."""
    firsts = books.periods.group_by("customer_id").agg(pl.col("start_date").min())
    frame = pl.DataFrame({"day": list(days)}, schema={"day": pl.Date})
    pairs = firsts.join(frame, how="cross").filter(pl.col("start_date") <= pl.col("day"))
    pairs = pairs.select("customer_id", "day")
    now = pairs.join(running(books.periods, pairs), on=["customer_id", "day"], how="left")
    # without a running period the last plan known is that of the last day one ran
    ended = (
        pairs.join(books.periods, on="customer_id")
        .filter(pl.col("end_date") <= pl.col("day"))
        .group_by("customer_id", "day")
        .agg(pl.col("end_date").max())
        .with_columns(pl.col("end_date") - DAY)
    )
    last = running(
        books.periods, ended.select("customer_id", pl.col("end_date").alias("day")).unique()
    ).select("customer_id", pl.col("day").alias("end_date"), pl.col("plan").alias("last_plan"))
    known = ended.join(last, on=["customer_id", "end_date"]).drop("end_date")
    trial = pl.lit(books.policies.trials_are_customers) & (pl.col("running") > 0)
    return (
        now.join(known, on=["customer_id", "day"], how="left")
        .with_columns(
            pl.col("mrr").fill_null(0),
            pl.col("running").fill_null(0),
            pl.coalesce("plan", "last_plan").alias("plan"),
        )
        .with_columns(((pl.col("mrr") > 0) | trial).alias("is_customer"))
        .drop("last_plan")
        .join(books.customers, on="customer_id", how="left")
        .with_columns(pl.col("segment", "region", "channel").fill_null("unknown"))
    )


def customer_months(books: Books) -> pl.DataFrame:
    """p, c and E of every customer and month, with the slice at either end."""
    spine = pl.DataFrame(books.months(), schema={"month": pl.Date, "day": pl.Date}, orient="row")
    ends = states(books, spine["day"].to_list()).join(spine, on="day")
    openings = ends.select(
        "customer_id",
        pl.col("day").alias("opened_on"),
        pl.col("mrr").alias("p"),
        pl.col("is_customer").alias("was_customer"),
        *(pl.col(name).alias(f"opening_{name}") for name in SLICES),
    )
    months = ends.with_columns((pl.col("month") - DAY).alias("opened_on"))
    months = months.join(openings, on=["customer_id", "opened_on"], how="left")
    earlier = months.select("customer_id", pl.col("month").alias("then"), pl.col("mrr").alias("m"))
    paid = (
        months.select("customer_id", "month")
        .join(earlier, on="customer_id")
        .filter((pl.col("then") < pl.col("month")) & (pl.col("m") > 0))
        .select("customer_id", "month", pl.lit(True).alias("e"))
        .unique()
    )
    return months.join(paid, on=["customer_id", "month"], how="left").with_columns(
        pl.col("p").fill_null(0),
        pl.col("was_customer").fill_null(False),
        pl.col("e").fill_null(False),
        pl.col("mrr").alias("c"),
    )


def movements(books: Books) -> pl.DataFrame:
    """customer_id, month, movement, amount and the slice the movement belongs to."""
    p, c = pl.col("p"), pl.col("c")
    months = customer_months(books).with_columns(
        movement=pl.when((p == 0) & (c > 0) & ~pl.col("e")).then(pl.lit("new"))
        .when((p == 0) & (c > 0)).then(pl.lit("reactivation"))
        .when((p > 0) & (c > p)).then(pl.lit("expansion"))
        .when((p > 0) & (c > 0) & (c < p)).then(pl.lit("contraction"))
        .when((p > 0) & (c == 0)).then(pl.lit("churn")),
        amount=(c - p).abs(),
    )  # fmt: skip
    is_churn = pl.col("movement") == "churn"
    return months.filter(pl.col("movement").is_not_null()).select(
        "customer_id", "month", "movement", "amount",
        *(pl.when(is_churn).then(f"opening_{name}").otherwise(name).alias(name) for name in SLICES),
    )  # fmt: skip


def transfers(books: Books) -> pl.DataFrame:
    """Months in which a paying customer changed slices, with both slices and what it paid."""
    changed = pl.any_horizontal(pl.col(name) != pl.col(f"opening_{name}") for name in SLICES)
    return customer_months(books).filter((pl.col("p") > 0) & (pl.col("c") > 0) & changed)


Filters = dict[str, list[str]]


def inside(filters: Filters, prefix: str = "") -> pl.Expr:
    """Whether a row's slice passes every filter."""
    terms = [pl.col(prefix + name).is_in(members) for name, members in filters.items()]
    return pl.all_horizontal(pl.lit(True), *terms)


def waterfall(books: Books, filters: Filters | None = None) -> list[dict[str, object]]:
    """One row per month: opening, the movements, closing and what crossed the filter."""
    filters = filters or {}
    ends, moved, crossed = customer_months(books), movements(books), transfers(books)
    rows: list[dict[str, object]] = []
    for month, _ in books.months():
        at = ends.filter(pl.col("month") == month)
        flows = moved.filter((pl.col("month") == month) & inside(filters))
        moves = crossed.filter(pl.col("month") == month)
        was, now = inside(filters, "opening_"), inside(filters)
        rows.append(
            {
                "month": month,
                "opening_mrr": at.filter((pl.col("p") > 0) & was)["p"].sum(),
                **{
                    f"{'churned' if name == 'churn' else name}_mrr": flows.filter(
                        pl.col("movement") == name
                    )["amount"].sum()
                    for name in MOVEMENTS
                },
                "closing_mrr": at.filter(now)["c"].sum(),
                "transferred_in_mrr": moves.filter(now & ~was)["p"].sum(),
                "transferred_out_mrr": moves.filter(was & ~now)["p"].sum(),
            }
        )
    return rows
